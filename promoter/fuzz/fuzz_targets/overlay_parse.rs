//! Any bytes: reading never panics, and what it says of a file agrees with itself.

#![no_main]

use libfuzzer_sys::fuzz_target;
use promoter::overlay::Overlay;

fuzz_target!(|bytes: &[u8]| {
    match Overlay::parse("kustomization.yaml", bytes) {
        Ok(overlay) => agrees(&overlay, bytes),
        Err(error) => {
            assert!(!error.to_string().is_empty() && !error.hint().is_empty());
        }
    }
});

fn agrees(overlay: &Overlay, bytes: &[u8]) {
    let mut last = (0, 0);
    for pin in overlay.pins() {
        assert_eq!(overlay.pin(&pin.key), Some(pin));
        assert!((pin.line, pin.column) > last, "pins in file order");
        last = (pin.line, pin.column);
    }
    let text = std::str::from_utf8(bytes).expect("read as text");
    for reference in overlay.local_references().expect("read before") {
        assert!(!reference.contains("://"));
    }
    assert!(last.0 <= text.lines().count().max(1));
    assert_eq!(overlay.edit(&[]).expect("no edit"), bytes);
}
