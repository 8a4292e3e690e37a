//! The parser that finds the bytes, against a second one on every file of the corpus.

use std::fs;
use std::ops::Range;

use promoter::overlay::Overlay;
use promoter::yaml::{self, Kind, Node, Style, Yaml};
use saphyr_parser::{Event, Parser, ScalarStyle, Span};

use crate::corpus::cases;

/// What both parsers must agree on, in file order.
#[derive(Debug, PartialEq)]
enum Token {
    Scalar(String, Style, usize),
    Alias(usize),
    Open(&'static str),
    Close,
}

fn of_node(node: &Node, tokens: &mut Vec<Token>) {
    match &node.kind {
        Kind::Scalar(text, style) => {
            // An absent value is `~` to one parser and empty to the other.
            let text = if node.range.is_empty() { "" } else { text };
            let bare = node.anchor.is_none() && node.tag.is_none();
            tokens.push(scalar(text, *style, &node.range, bare));
        }
        Kind::Alias(_) => tokens.push(Token::Alias(node.range.end)),
        Kind::Sequence(_, items) => {
            tokens.push(Token::Open("list"));
            for item in items {
                of_node(item, tokens);
            }
            tokens.push(Token::Close);
        }
        Kind::Mapping(_, entries) => {
            tokens.push(Token::Open("mapping"));
            for (key, value) in entries {
                of_node(key, tokens);
                of_node(value, tokens);
            }
            tokens.push(Token::Close);
        }
    }
}

/// One end of the scalar that both parsers tell the same way: the end of a plain one, the start of
/// a quoted one without anchor or tag, none of an absent value or a block scalar.
fn scalar(text: &str, style: Style, span: &Range<usize>, bare: bool) -> Token {
    let place = match style {
        Style::Plain if !text.is_empty() => span.end,
        Style::Single | Style::Double if bare => span.start,
        _ => 0,
    };
    Token::Scalar(text.to_owned(), style, place)
}

fn of_event(event: &Event<'_>, span: Span, offset: impl Fn(usize) -> usize) -> Option<Token> {
    let span = offset(span.start.index())..offset(span.end.index());
    Some(match event {
        Event::Scalar(text, style, anchor, tag) => {
            let style = match style {
                ScalarStyle::Plain => Style::Plain,
                ScalarStyle::SingleQuoted => Style::Single,
                ScalarStyle::DoubleQuoted => Style::Double,
                ScalarStyle::Literal | ScalarStyle::Folded => Style::Block,
            };
            scalar(text, style, &span, *anchor == 0 && tag.is_none())
        }
        Event::Alias(_) => Token::Alias(span.end),
        Event::SequenceStart(..) => Token::Open("list"),
        Event::MappingStart(..) => Token::Open("mapping"),
        Event::SequenceEnd | Event::MappingEnd => Token::Close,
        _ => return None,
    })
}

/// The second parser counts characters, and a byte order mark as none.
fn second(text: &str) -> Result<Vec<Token>, String> {
    let mark = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let body = &text[mark..];
    let mut bytes: Vec<_> = body.char_indices().map(|(at, _)| at + mark).collect();
    bytes.push(text.len());
    let mut tokens = Vec::new();
    for next in Parser::new_from_str(body) {
        let (event, span) = next.map_err(|error| error.to_string())?;
        tokens.extend(of_event(&event, span, |at| bytes[at.min(bytes.len() - 1)]));
    }
    Ok(tokens)
}

fn first(yaml: &Yaml) -> Vec<Token> {
    let mut tokens = Vec::new();
    yaml.documents.iter().for_each(|document| of_node(document, &mut tokens));
    tokens
}

/// The bytes of a scalar say its text: in its quotes, or as they are.
fn check_slices(text: &str, node: &Node, file: &str) {
    match &node.kind {
        Kind::Scalar(value, style) => {
            let written = &text[node.range.clone()];
            let quote = match style {
                Style::Single => "'",
                Style::Double => "\"",
                Style::Plain | Style::Block => "",
            };
            assert!(written.starts_with(quote) && written.ends_with(quote), "{file}: {written}");
            let simple = !written.contains(['\n', '\\']) && !written.is_empty();
            if simple && *style != Style::Block {
                assert_eq!(&written[quote.len()..written.len() - quote.len()], value, "{file}");
            }
        }
        Kind::Alias(_) => assert!(text[node.range.clone()].starts_with('*'), "{file}"),
        Kind::Sequence(_, items) => items.iter().for_each(|item| check_slices(text, item, file)),
        Kind::Mapping(_, entries) => {
            for (key, value) in entries {
                check_slices(text, key, file);
                check_slices(text, value, file);
            }
        }
    }
}

#[test]
fn a_second_parser_finds_the_same_values_at_the_same_places() {
    let mut compared = 0;
    for path in cases().iter().flat_map(|case| [case.join("in.yaml"), case.join("out.yaml")]) {
        let Ok(text) = fs::read_to_string(&path) else { continue };
        let file = path.display().to_string();
        let read = Overlay::parse(&file, text.as_bytes());
        // These are refused because parsers differ in them.
        if read.is_err_and(|error| error.code() == "invisible-character") {
            continue;
        }
        match (yaml::parse(&file, &text), second(&text)) {
            (Ok(yaml), Ok(second)) => {
                assert_eq!(first(&yaml), second, "{file}");
                yaml.documents.iter().for_each(|document| check_slices(&text, document, &file));
                compared += 1;
            }
            (Err(_), Err(_)) => {}
            (Ok(_), Err(second)) => panic!("{file}: only the second parser refuses: {second}"),
            (Err(first), Ok(_)) => panic!("only the first parser refuses: {first}"),
        }
    }
    assert!(compared > 200, "{compared} files compared");
}
