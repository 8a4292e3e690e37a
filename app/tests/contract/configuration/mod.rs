//! Variables of the environment: wrong ones end the start, with a message that helps.

mod addresses;
mod secrets;
mod table;
mod wrong;

use crate::world::{Program, Variable};

/// What a program says that does not start because of these variables.
#[track_caller]
fn refused(program: Program, variables: &[Variable]) -> String {
    let ran = program.run(&[], variables);
    assert_eq!(ran.code, Some(2), "{program:?} {variables:?}: {ran:?}");
    format!("{}{}", ran.stdout, ran.stderr)
}
