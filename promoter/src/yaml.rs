//! YAML as nodes with byte spans.
