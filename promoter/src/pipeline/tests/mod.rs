//! Tables and properties of the room.

mod errors;
mod layout;
mod parse;
