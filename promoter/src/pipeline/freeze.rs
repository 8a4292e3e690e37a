//! Freeze windows: times at which nothing may enter an environment.

use jiff::civil::{Date, DateTime, Time, Weekday};
use jiff::tz::{TimeZone, TimeZoneDatabase};
use jiff::{Timestamp, ToSpan};

use super::error::{Fault, PipelineError};
use super::nearest::nearest;
use super::reader::Reader;
use crate::yaml::Node;

pub(super) const KEYS: &[&str] = &["start", "end", "weekly", "timezone", "reason"];
const DAYS: [(&str, &str, Weekday); 7] = [
    ("mon", "monday", Weekday::Monday),
    ("tue", "tuesday", Weekday::Tuesday),
    ("wed", "wednesday", Weekday::Wednesday),
    ("thu", "thursday", Weekday::Thursday),
    ("fri", "friday", Weekday::Friday),
    ("sat", "saturday", Weekday::Saturday),
    ("sun", "sunday", Weekday::Sunday),
];

/// One freeze window, from its start up to and without its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Freeze {
    /// When.
    pub period: Period,
    /// Whose clocks are meant; UTC unless said otherwise.
    pub timezone: TimeZone,
    /// Why, in the user's words.
    pub reason: Option<String>,
}

/// When a freeze holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Period {
    /// Once.
    Once {
        /// The first moment.
        start: Timestamp,
        /// The first moment after it.
        end: Timestamp,
    },
    /// Every week, by the clocks of the time zone; over the week's end where `end` is earlier.
    Weekly {
        /// The first moment.
        start: Moment,
        /// The first moment after it.
        end: Moment,
    },
}

/// A moment of the week.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// The day.
    pub day: Weekday,
    /// The time on the clock.
    pub time: Time,
}

impl Freeze {
    pub(super) fn read(reader: &Reader<'_>, node: &Node) -> Result<Self, PipelineError> {
        let section = reader.section(node, KEYS)?;
        let timezone = match section.get("timezone") {
            Some(node) => read_timezone(reader, node)?,
            None => TimeZone::UTC,
        };
        let period = match (section.get("weekly"), section.get("start"), section.get("end")) {
            (Some(weekly), None, None) => read_weekly(reader, weekly)?,
            (None, Some(start), Some(end)) => read_once(reader, start, end, &timezone)?,
            _ => {
                let rule = "a freeze has either `weekly`, or `start` and `end`";
                return Err(reader.fault(node, Fault::Together(rule)));
            }
        };
        let reason = section.get("reason").map(|node| reader.string(node)).transpose()?;
        Ok(Freeze { period, timezone, reason: reason.map(str::to_owned) })
    }
}

fn read_timezone(reader: &Reader<'_>, node: &Node) -> Result<TimeZone, PipelineError> {
    let name = reader.string(node)?;
    let zones = TimeZoneDatabase::bundled();
    zones.get(name).map_err(|_| {
        let known: Vec<_> = zones.available().map(|zone| zone.to_string()).collect();
        let near = nearest(name, known.iter().map(String::as_str));
        reader.fault(node, Fault::TimeZone { name: name.to_owned(), near })
    })
}

fn read_once(
    reader: &Reader<'_>,
    start: &Node,
    end: &Node,
    timezone: &TimeZone,
) -> Result<Period, PipelineError> {
    let start_at = read_date(reader, start)?.first(timezone);
    let end_at = read_date(reader, end)?.after(timezone);
    match (start_at, end_at) {
        (Some(start), Some(end)) if start < end => Ok(Period::Once { start, end }),
        (Some(_), Some(_)) => Err(reader.fault(end, Fault::EndsBeforeStart)),
        (None, _) => Err(no_date(reader, start)),
        (_, None) => Err(no_date(reader, end)),
    }
}

/// A date or a time, as a file says it.
enum Written {
    Day(Date),
    Local(DateTime),
    Instant(Timestamp),
}

fn read_date(reader: &Reader<'_>, node: &Node) -> Result<Written, PipelineError> {
    let text = reader.string(node)?;
    let written = if text.contains([':', 'T', 't', ' ']) {
        let instant = text.parse().map(Written::Instant);
        instant.or_else(|_| text.parse().map(Written::Local))
    } else {
        text.parse().map(Written::Day)
    };
    written.map_err(|_| no_date(reader, node))
}

fn no_date(reader: &Reader<'_>, node: &Node) -> PipelineError {
    reader.fault(node, Fault::Date(node.as_str().unwrap_or_default().to_owned()))
}

impl Written {
    /// The moment as a start: of a repeated time the earlier one. `None` out of range.
    fn first(self, timezone: &TimeZone) -> Option<Timestamp> {
        let local = match self {
            Written::Instant(instant) => return Some(instant),
            Written::Local(local) => local,
            Written::Day(day) => day.to_datetime(Time::midnight()),
        };
        timezone.to_ambiguous_timestamp(local).compatible().ok()
    }

    /// The moment as an end: a day ends with the day, of a repeated time the later one.
    fn after(self, timezone: &TimeZone) -> Option<Timestamp> {
        let local = match self {
            Written::Instant(instant) => return Some(instant),
            Written::Local(local) => local,
            Written::Day(day) => day.checked_add(1.day()).ok()?.to_datetime(Time::midnight()),
        };
        timezone.to_ambiguous_timestamp(local).later().ok()
    }
}

fn read_weekly(reader: &Reader<'_>, node: &Node) -> Result<Period, PipelineError> {
    let text = reader.string(node)?;
    let refuse = |reason| reader.fault(node, Fault::Weekly { text: text.to_owned(), reason });
    let (start, end) = text.split_once('-').ok_or_else(|| refuse("it has no ` - `"))?;
    let start = moment(start).map_err(refuse)?;
    let end = moment(end).map_err(refuse)?;
    if start == end {
        return Err(refuse("it starts when it ends"));
    }
    Ok(Period::Weekly { start, end })
}

fn moment(text: &str) -> Result<Moment, &'static str> {
    let (day, time) = text.trim().split_once(' ').ok_or("a day and a time are needed")?;
    let lower = day.to_lowercase();
    let known = DAYS.iter().find(|(short, long, _)| lower == *short || lower == *long);
    let (_, _, day) = known.ok_or("there is no such day of the week")?;
    let (hour, minute) = time.trim().split_once(':').ok_or("a time is `HH:MM`")?;
    let time = Time::new(two_digits(hour)?, two_digits(minute)?, 0, 0);
    Ok(Moment { day: *day, time: time.map_err(|_| "there is no such time of day")? })
}

fn two_digits(text: &str) -> Result<i8, &'static str> {
    let digits = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| digits).ok_or("a time is `HH:MM`")
}
