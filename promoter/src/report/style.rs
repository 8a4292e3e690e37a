//! Colours, where the terminal takes them.

use anstyle::{AnsiColor, Style as Ansi};

/// Colours on or off.
#[derive(Clone, Copy)]
pub(super) struct Style {
    on: bool,
}

impl Style {
    pub(super) fn new(on: bool) -> Self {
        Style { on }
    }

    fn paint(self, style: Ansi, text: &str) -> String {
        if self.on { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }

    fn color(self, color: AnsiColor, text: &str) -> String {
        self.paint(color.on_default(), text)
    }

    pub(super) fn error(self, text: &str) -> String {
        self.paint(AnsiColor::Red.on_default().bold(), text)
    }

    pub(super) fn warning(self, text: &str) -> String {
        self.paint(AnsiColor::Yellow.on_default().bold(), text)
    }

    pub(super) fn hint(self, text: &str) -> String {
        self.color(AnsiColor::Cyan, text)
    }

    pub(super) fn heading(self, text: &str) -> String {
        self.paint(Ansi::new().bold(), text)
    }

    pub(super) fn dim(self, text: &str) -> String {
        self.paint(Ansi::new().dimmed(), text)
    }

    pub(super) fn added(self, text: &str) -> String {
        self.color(AnsiColor::Green, text)
    }

    pub(super) fn removed(self, text: &str) -> String {
        self.color(AnsiColor::Red, text)
    }

    pub(super) fn behind(self, text: &str) -> String {
        self.color(AnsiColor::Yellow, text)
    }
}
