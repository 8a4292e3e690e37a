//! Tables and properties of the room.

mod discover;
mod documents;
mod errors;
mod layout;
mod parse;
