//! Tables and properties of the room.

mod discover;
mod errors;
mod layout;
mod parse;
