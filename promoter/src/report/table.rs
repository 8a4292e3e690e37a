//! Columns that line up.

use super::style::Style;

/// One cell: what is shown, and how it is coloured after it has been measured.
pub(super) struct Cell {
    pub(super) text: String,
    pub(super) paint: fn(Style, &str) -> String,
}

impl Cell {
    pub(super) fn plain(text: impl Into<String>) -> Self {
        Cell { text: text.into(), paint: |_, text| text.to_owned() }
    }

    pub(super) fn painted(text: impl Into<String>, paint: fn(Style, &str) -> String) -> Self {
        Cell { text: text.into(), paint }
    }
}

/// Rows of cells, two spaces between columns, none at the end of a line.
pub(super) fn render(rows: &[Vec<Cell>], style: Style) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        cells.map(|cell| cell.text.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let mut text = String::new();
    for row in rows {
        let last = row.iter().rposition(|cell| !cell.text.is_empty()).map_or(0, |last| last + 1);
        for (column, (cell, width)) in row.iter().zip(&widths).take(last).enumerate() {
            text.push_str(&(cell.paint)(style, &cell.text));
            if column + 1 < last {
                text.push_str(&" ".repeat(width - cell.text.chars().count() + 2));
            }
        }
        text.push('\n');
    }
    text
}
