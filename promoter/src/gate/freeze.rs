//! Freeze: nothing enters an environment within a window.

use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};

use crate::pipeline::{Freeze, Moment, Period};

use super::{Outcome, Verdict};

/// Judges a change of `environment` at `now` by the freeze windows in front of it.
#[must_use]
pub fn thawed(environment: &str, windows: &[Freeze], now: Timestamp) -> Verdict {
    let held = windows.iter().filter_map(|window| Some((window, end(window, now)?)));
    let Some((window, end)) = held.max_by_key(|(_, end)| *end) else {
        let reason = format!("no freeze of {environment} now");
        return Verdict::whole("freeze", Outcome::Pass, reason);
    };
    let until = end.to_zoned(window.timezone.clone()).strftime("%a %Y-%m-%d %H:%M %Z");
    let why = window.reason.as_ref().map_or_else(String::new, |reason| format!(": {reason}"));
    let reason = format!("{environment} is frozen until {until}{why}");
    Verdict::whole("freeze", Outcome::Fail, reason)
}

/// When the window that holds at `now` ends.
fn end(window: &Freeze, now: Timestamp) -> Option<Timestamp> {
    let (start, end) = match window.period {
        Period::Once { start, end } => (start, end),
        Period::Weekly { start, end } => {
            return weekly((start, end), &window.timezone, now);
        }
    };
    (start <= now && now < end).then_some(end)
}

/// The same for a window of every week; the one that holds may have begun in the week before.
fn weekly(
    (start, end): (Moment, Moment),
    timezone: &TimeZone,
    now: Timestamp,
) -> Option<Timestamp> {
    let today = now.to_zoned(timezone.clone()).date();
    let monday =
        today.checked_sub(i32::from(today.weekday().to_monday_zero_offset()).days()).ok()?;
    let holds = |weeks: i32| {
        let monday = monday.checked_add((7 * weeks).days()).ok()?;
        let next =
            if after(end) > after(start) { monday } else { monday.checked_add(7.days()).ok()? };
        let at = |monday, moment| Some(timezone.to_ambiguous_timestamp(civil(monday, moment)?));
        let start = at(monday, start)?.compatible().ok()?;
        // Of a time that the clocks show twice a window keeps both.
        let end = at(next, end)?.later().ok()?;
        (start <= now && now < end).then_some(end)
    };
    [-1, 0].into_iter().filter_map(holds).max()
}

fn after(moment: Moment) -> (i8, jiff::civil::Time) {
    (day(moment.day), moment.time)
}

fn day(day: Weekday) -> i8 {
    day.to_monday_zero_offset()
}

fn civil(monday: Date, moment: Moment) -> Option<jiff::civil::DateTime> {
    let date = monday.checked_add(i32::from(day(moment.day)).days()).ok()?;
    Some(date.to_datetime(moment.time))
}

#[cfg(test)]
mod tests {
    use crate::gate::Outcome;
    use crate::pipeline::Pipeline;

    use super::thawed;

    /// Judges `now` by one window as promoter.yaml writes it: `None` passes.
    fn judge(window: &str, now: &str) -> Option<String> {
        let text =
            format!("environments:\n  - name: prod\n    gates: {{ freeze: [{{ {window} }}] }}\n");
        let pipeline = Pipeline::parse("promoter.yaml", text.as_bytes()).unwrap();
        let prod = pipeline.environment("prod").unwrap();
        let verdict = thawed("prod", &prod.gates.freeze, now.parse().unwrap());
        (verdict.outcome == Outcome::Fail).then_some(verdict.reason)
    }

    /// The window holds from `first` up to and without `end`.
    #[track_caller]
    fn check(window: &str, first: &str, end: &str) {
        let second = |text: &str, by: i64| {
            let time: jiff::Timestamp = text.parse().unwrap();
            (time + jiff::SignedDuration::from_secs(by)).to_string()
        };
        assert_eq!(judge(window, &second(first, -1)), None, "before {first}");
        assert!(judge(window, first).is_some(), "at {first}");
        assert!(judge(window, &second(end, -1)).is_some(), "before {end}");
        assert_eq!(judge(window, end), None, "at {end}");
    }

    #[test]
    fn dates() {
        let amsterdam = "start: 2026-12-24, end: 2027-01-02, timezone: Europe/Amsterdam";
        check(amsterdam, "2026-12-23T23:00:00Z", "2027-01-02T23:00:00Z");
        check("start: 2026-12-24, end: 2026-12-24", "2026-12-24T00:00:00Z", "2026-12-25T00:00:00Z");
        let times = "start: '2026-12-24 12:00', end: '2026-12-24 18:30', timezone: Asia/Kolkata";
        check(times, "2026-12-24T06:30:00Z", "2026-12-24T13:00:00Z");
        check(
            "start: '2026-12-24T12:00:00Z', end: '2026-12-24T13:30:00+01:00'",
            "2026-12-24T12:00:00Z",
            "2026-12-24T12:30:00Z",
        );
    }

    #[test]
    fn weeks() {
        let weekend = "weekly: Fri 16:00 - Mon 08:00, timezone: Europe/Amsterdam";
        check(weekend, "2026-11-20T15:00:00Z", "2026-11-23T07:00:00Z");
        check(weekend, "2026-07-17T14:00:00Z", "2026-07-20T06:00:00Z");
        let within = "weekly: Tue 09:00 - Tue 10:00";
        check(within, "2026-11-24T09:00:00Z", "2026-11-24T10:00:00Z");
        // Over the end of the week, and all of it but an hour.
        check("weekly: Sun 23:00 - Mon 01:00", "2026-11-22T23:00:00Z", "2026-11-23T01:00:00Z");
        check("weekly: Tue 10:00 - Tue 09:00", "2026-11-24T10:00:00Z", "2026-12-01T09:00:00Z");
        // New Year's week.
        check("weekly: Thu 00:00 - Sat 00:00", "2026-12-31T00:00:00Z", "2027-01-02T00:00:00Z");
    }

    /// Amsterdam: clocks go from 02:00 to 03:00 on 2026-03-29, from 03:00 to 02:00 on 2026-10-25.
    #[test]
    fn daylight_saving() {
        let zone = "timezone: Europe/Amsterdam";
        // A start that is skipped moves forward, and so does an end.
        let skipped = format!("start: '2026-03-29 02:30', end: '2026-03-29 12:00', {zone}");
        check(&skipped, "2026-03-29T01:30:00Z", "2026-03-29T10:00:00Z");
        let skipped = format!("start: '2026-03-28 12:00', end: '2026-03-29 02:30', {zone}");
        check(&skipped, "2026-03-28T11:00:00Z", "2026-03-29T01:30:00Z");
        // A start that is repeated takes the earlier one, an end the later one.
        let repeated = format!("start: '2026-10-25 02:30', end: '2026-10-25 12:00', {zone}");
        check(&repeated, "2026-10-25T00:30:00Z", "2026-10-25T11:00:00Z");
        let repeated = format!("start: '2026-10-24 12:00', end: '2026-10-25 02:30', {zone}");
        check(&repeated, "2026-10-24T10:00:00Z", "2026-10-25T01:30:00Z");
        // The same for a window of every week.
        let weekly = format!("weekly: Sun 02:30 - Sun 12:00, {zone}");
        check(&weekly, "2026-03-29T01:30:00Z", "2026-03-29T10:00:00Z");
        check(&weekly, "2026-10-25T00:30:00Z", "2026-10-25T11:00:00Z");
        let weekly = format!("weekly: Sat 12:00 - Sun 02:30, {zone}");
        check(&weekly, "2026-10-24T10:00:00Z", "2026-10-25T01:30:00Z");
        // A day of 23 and one of 25 hours.
        check(
            &format!("start: 2026-03-29, end: 2026-03-29, {zone}"),
            "2026-03-28T23:00:00Z",
            "2026-03-29T22:00:00Z",
        );
        check(
            &format!("start: 2026-10-25, end: 2026-10-25, {zone}"),
            "2026-10-24T22:00:00Z",
            "2026-10-25T23:00:00Z",
        );
    }

    #[test]
    fn words() {
        let window =
            "start: 2026-12-24, end: 2027-01-02, timezone: Europe/Amsterdam, reason: year's end";
        insta::assert_snapshot!(judge(window, "2026-12-25T00:00:00Z").unwrap(), @"prod is frozen until Sun 2027-01-03 00:00 CET: year's end");
        let weekend = "weekly: Fri 16:00 - Mon 08:00";
        insta::assert_snapshot!(judge(weekend, "2026-11-21T00:00:00Z").unwrap(), @"prod is frozen until Mon 2026-11-23 08:00 UTC");
    }
}
