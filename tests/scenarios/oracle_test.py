#!/usr/bin/env python3
"""Small stories, worked out by hand, that pin the oracle itself. Run: python3 -m unittest oracle_test (or this file).

All stories begin at 2026-03-01T00:00:00+08:00 and count seconds from there. Unless a story says otherwise there is
one line L1 with one icmp check every 10 s, so that a sample speaks for at most 15 s; 3 bad samples confirm, 2 good
ones end. `0 good` in a comment is a good sample at second 0.
"""

import json
import sys
import unittest

import books_oracle as oracle
import worlds

ZERO = oracle.instant("2026-03-01T00:00:00+08:00", None)
DEFAULTS = {"interval": "10s", "timeout": "1s", "down_after": 3, "up_after": 2}


def at(second):
    return oracle.iso(ZERO + round(second * 1000), oracle.zoneinfo.ZoneInfo("Asia/Shanghai"))


def monitor(second, word):
    return {"at": at(second), "monitor": word}


def samples(outcome, *when, target="L1", check="icmp", rtt=None, took=None):
    more = {**({"rtt_ms": rtt} if rtt else {}), **({} if took is None else {"took_ms": took})}
    return [{"at": at(second), "target": target, "check": check, "outcome": outcome, **more} for second in when]


def good(*when, **rest):
    return samples("good", *when, **rest)


def bad(*when, **rest):
    return samples("bad", *when, **rest)


def silent(*when, **rest):
    return samples("not_measured", *when, **rest)


def every(seconds, start, end, outcome="good", target="L1", check="icmp"):
    return [{"from": at(start), "to": at(end), "every_s": seconds, "target": target, "check": check,
             "outcome": outcome}]


def step(second, by):
    return [{"at": at(second), "clock_step_s": by}]


def window(made, state, start, end, key="W1", target="L1"):
    return [{"at": at(made), "window": {"id": key, "target": target, "from": at(start), "to": at(end), "state": state}}]


def enter(second, row):
    return [{"at": at(second), "inventory": row}]


def line(key="L1", **cells):
    return {"id": key, "category": "village", "town": "河东镇", "carrier": "电信", **cells}


def in_order(*groups):
    """Lines sorted by their moment, except that their order at one moment stays. Not for stories with a clock step."""
    flat = [each for group in groups for each in (group if isinstance(group, list) else [group])]
    return sorted(flat, key=lambda each: oracle.instant(each.get("from") or each["at"], None))


def world(trace, lines=None, zone="Asia/Shanghai", **config):
    given = oracle.settings({"zone": zone, "defaults": DEFAULTS, **config}, lines or [line()])
    return oracle.read_trace([json.dumps(each) for each in trace], given)


class Story(unittest.TestCase):
    """expect() plays a trace and compares figures, written in seconds."""

    maxDiff = None

    def expect(self, trace, start=-86400, end=86400, key="L1", by="line", lines=None, config=None,
               **wanted):
        played, period = world(trace, lines, **(config or {})), (ZERO + round(start * 1000), ZERO + round(end * 1000))
        row = oracle.books(played, *period, by)[key]
        counts = ("outages", "unconfirmed")
        found = {name: row[name] if name in counts else row[name] / 1000 for name in wanted}
        self.assertEqual(wanted, found)

    def outages(self, trace, lines=None, **config):
        """[(began, ended, began bracket, ended bracket)] in seconds."""
        second = lambda ms: None if ms is None else (ms - ZERO) / 1000
        pair = lambda bracket: bracket and tuple(map(second, bracket))
        return [(second(o.began), second(o.ended), pair(o.began_bracket), pair(o.ended_bracket))
                for o in oracle.outages(world(trace, lines, **config), ZERO - 86_400_000, ZERO + 86_400_000)]


def day(*groups, end=100):
    """The groups between a start at 0 and a clean stop at `end`."""
    return [monitor(0, "start")] + in_order(*groups) + [monitor(end, "stop")]


class Rule1ASampleSpeaks(Story):
    def test_until_the_next_sample_at_most_one_and_a_half_intervals(self):
        # [0,10) and [10,25) up; [25,100) unknown
        self.expect(day(good(0, 10)), up=25, unknown=75, down=0)

    def test_by_the_regular_interval_also_after_a_fast_question(self):
        # [0,0.25) and [0.25,15.25)
        self.expect(day(good(0, 0.25)), up=15.25, unknown=84.75)

    def test_time_before_the_first_sample_is_unknown(self):
        self.expect(day(good(40), end=50), up=10, unknown=40)

    def test_half_milliseconds_are_rounded_down(self):
        # 1.5 * 333 ms = 499.5 ms
        self.expect(day(good(0)), lines=[line(checks="icmp:interval=333ms")], up=0.499)

    def test_at_one_instant_only_the_last_speaks(self):
        one = {"defaults": {**DEFAULTS, "down_after": 1, "up_after": 1}}
        # 10 good, 10 bad: the bad one speaks [10,20)
        self.expect(day(good(0), good(10) + bad(10), good(20), end=30), config=one, up=20, down=10, outages=1)
        # 10 bad, 10 good: an outage without any time is none
        self.expect(day(good(0), bad(10) + good(10), good(20), end=30), config=one, up=30, down=0, outages=0)

    def test_at_one_instant_all_count(self):
        # 10 bad three times confirms: [10,20) down
        self.expect(day(good(0), bad(10, 10, 10), good(20, 30), end=40), down=10, up=30)

    def test_the_interval_in_force_when_it_was_taken(self):
        # interval 10 s at 0 and 10, so [0,10) and [10,25); 20 s from the entry at 50 on: 60 good speaks [60,90)
        change = [{"at": at(50), "inventory": line(checks="icmp:interval=20s")}]
        self.expect(day(good(0, 10), change, good(60)), up=55, unknown=45)


    def test_a_check_that_is_taken_away_falls_silent_at_that_instant(self):
        # tcp good at 0 and 30 would speak to 75; taken away at 40. icmp good at 0 speaks to 15
        story = day(good(0), good(0, 30, check="tcp"), enter(40, line(checks="icmp")))
        self.expect(story, lines=TWO, up=40, unknown=60)
        # what remains speaks on: icmp 30 good to 45
        story = day(good(0, 30), good(0, 30, check="tcp"), enter(40, line(checks="icmp")))
        self.expect(story, lines=TWO, up=45, unknown=55)

    def test_also_a_check_that_was_down(self):
        # tcp down from 10; gone at 40 and with it the outage's time; icmp was never asked
        story = day(bad(10, 20, 30, check="tcp"), enter(40, line(checks="icmp")))
        self.expect(story, lines=TWO, down=30, unknown=70, outages=1)

    def test_a_row_that_keeps_the_check_takes_nothing_away(self):
        self.expect(day(good(0, 30), enter(32, line(checks="icmp", carrier="移动"))), up=30, unknown=70)

    def test_a_check_that_is_taken_away_for_another(self):
        # ping every 10 s, good at 0; at 9 replaced by tcp, first asked at 25: 9 s up, [9,25) unknown
        story = day(good(0), enter(9, line(checks="tcp:port=443")), good(25, 35, check="tcp"), end=40)
        self.expect(story, up=9 + 15, unknown=16)


class Rule2NotMeasured(Story):
    def test_makes_time_unknown_until_the_next_measured_sample(self):
        # [0,10) up, [10,30) unknown, [30,40) up
        self.expect(day(good(0), silent(10, 20), good(30), end=40), up=20, unknown=20)

    def test_ends_the_time_of_the_sample_before(self):
        # 0 good would speak to 15, but 3 is not measured
        self.expect(day(good(0), silent(3), end=40), up=3, unknown=37)


class Rule3Runs(Story):
    def test_an_outage_begins_at_the_first_bad_sample(self):
        # [10,40) down although confirmed at 30 (P03)
        self.expect(day(good(0), bad(10, 20, 30), good(40, 50), end=60), down=30, up=30, outages=1, unconfirmed=0)

    def test_a_shorter_bad_run_is_up_and_unconfirmed(self):
        # runs 10-20 and 40-50, two samples each (P04)
        story = day(good(0), bad(10, 20), good(30), bad(40, 50), good(60), end=70)
        self.expect(story, up=70, down=0, unconfirmed=2, outages=0)

    def test_a_run_pending_at_the_end_is_unconfirmed(self):
        self.expect(day(good(0), bad(10, 20), end=30), up=30, unconfirmed=1, down=0)

    def test_not_measured_neither_counts_nor_resets(self):
        # bad 10, 30, 40: [10,20) and [30,50) down, [20,30) unknown inside
        story = day(good(0), bad(10), silent(20), bad(30, 40), good(50, 60), end=70)
        self.expect(story, down=30, unknown=10, up=30, outages=1)

    def test_silence_does_not_reset(self):
        # bad 10, 20, 100: [10,35) and [100,110) down, [35,100) unknown
        self.expect(day(good(0), bad(10, 20, 100), good(110, 120), end=130), down=35, unknown=65, up=30, outages=1)

    def test_unconfirmed_counts_in_the_period_of_its_first_sample(self):
        story = day(good(0), bad(10, 20), good(30), end=40)
        self.expect(story, start=0, end=15, unconfirmed=1, up=15)
        self.expect(story, start=15, end=40, unconfirmed=0, up=25)

    def test_unconfirmed_is_not_removed_by_a_window_but_by_the_scope(self):
        story = day(window(1, "approved", 5, 30), good(0), bad(10), good(20), end=40)
        self.expect(story, unconfirmed=1, excluded=25)
        # in scope from 15: [15,35) is up, the run began at 10
        self.expect(day(good(0), bad(10), good(20), end=40), lines=[line(accepted=at(15))], unconfirmed=0, up=20)


class Rule4Recovery(Story):
    def test_a_short_good_run_inside_an_outage_is_down(self):
        # good 40 alone does not end it; it ends at 60
        self.expect(day(good(0), bad(10, 20, 30), good(40), bad(50), good(60, 70), end=80), down=50, up=30, outages=1)

    def test_a_good_run_pending_at_the_end_is_down(self):
        self.expect(day(good(0), bad(10, 20, 30), good(40), end=50), down=40, up=10, outages=1)

    def test_a_target_begins_as_up(self):
        # two bad ones at first, then good: unconfirmed, up
        self.expect(day(bad(0, 10), good(20), end=30), up=30, down=0, unconfirmed=1)

    def test_an_outage_may_begin_with_the_first_sample(self):
        self.expect(day(bad(0, 10, 20), good(30, 40), end=50), down=30, up=20)


class Rule5StopsAndCrashes(Story):
    def test_a_stop_makes_time_unknown_until_the_next_measured_sample(self):
        # [0,25) up, [25,120) unknown (100 is not measured), [120,130) up (P01)
        trace = [monitor(0, "start"), *good(0, 10, 20), monitor(25, "stop"), monitor(90, "start"), *silent(100),
                 *good(120), monitor(130, "stop")]
        self.expect(trace, up=35, unknown=95)

    def test_a_crash_takes_everything_after_the_last_heartbeat(self):
        # heartbeat 25; bad 25.3 is lost, so 5 and 15 are unconfirmed; [0,25) up; next measured 70
        trace = [monitor(0, "start"), *good(0), *bad(5, 15, 25.3), monitor(25.5, "crash"), monitor(60, "start"),
                 *good(70, 80), monitor(90, "stop")]
        self.expect(trace, up=45, unknown=45, down=0, unconfirmed=1)

    def test_a_sample_exactly_on_the_heartbeat_stays(self):
        # bad 25.0 confirms but speaks for no time: [5,25) down, [25,70) unknown
        trace = [monitor(0, "start"), *good(0), *bad(5, 15, 25), monitor(25.5, "crash"), monitor(60, "start"),
                 *good(70, 80), monitor(90, "stop")]
        self.expect(trace, up=25, unknown=45, down=20, unconfirmed=0, outages=1)

    def test_the_start_is_a_heartbeat(self):
        # started at 0.7, crashed at 0.9: heartbeat 0.7, good 0.8 lost
        trace = [monitor(0.7, "start"), *good(0.8), monitor(0.9, "crash"), monitor(10, "start"), *good(10),
                 monitor(20, "stop")]
        self.expect(trace, up=10, unknown=9.3)

    def test_a_crash_on_a_whole_second_loses_nothing(self):
        trace = [monitor(0, "start"), *good(0, 20), monitor(20, "crash"), monitor(30, "start"), *good(30),
                 monitor(40, "stop")]
        self.expect(trace, up=25, unknown=15)

    def test_an_outage_lives_on_over_a_gap(self):
        # one outage [10,110) with a hole [35,100) (P16)
        trace = [monitor(0, "start"), *good(0), *bad(10, 20, 30), monitor(35, "stop"), monitor(100, "start"), *bad(100),
                 *good(110, 120), monitor(130, "stop")]
        self.expect(trace, down=35, unknown=65, up=30, outages=1)

    def test_runs_are_counted_over_a_gap(self):
        # bad 20, 30 before and 100 after the stop confirm
        trace = [monitor(0, "start"), *good(0, 10), *bad(20, 30), monitor(35, "stop"), monitor(100, "start"), *bad(100),
                 *good(110, 120), monitor(130, "stop")]
        self.expect(trace, down=25, unknown=65, up=40, outages=1)

    def test_a_sample_while_stopped_is_an_error_with_its_line(self):
        with self.assertRaises(oracle.TraceError) as caught:
            world([monitor(0, "start"), monitor(10, "stop"), *good(20)])
        self.assertEqual(3, caught.exception.line)


class Rule6TheClock(Story):
    def test_forward_makes_the_jumped_labels_unknown(self):
        # the clock shows 20, then 50: [0,20) up (10 good would speak to 25), [20,50) unknown, [50,70) up (P13)
        trace = [monitor(0, "start"), *good(0, 10), *step(20, 30), *good(50, 60), monitor(70, "stop")]
        self.expect(trace, up=40, unknown=30)

    def test_a_sample_may_speak_beyond_a_small_jump(self):
        # interval 100 s: 0 good speaks to 150 (cut by now at 100), but for [20,22)
        trace = [monitor(0, "start"), *good(0), *step(20, 2), monitor(100, "stop")]
        self.expect(trace, lines=[line(checks="icmp:interval=100s")], up=98, unknown=2)

    def test_backward_mutes_the_labels_shown_before(self):
        # 45 -> 25; bad 30, 35, 40 are muted, 50 good ends the time of 40 good (of the first pass) at 50
        trace = [monitor(0, "start"), *good(0, 10, 20, 30, 40), *step(45, -20), *bad(30, 35, 40), *good(50),
                 monitor(60, "stop")]
        self.expect(trace, up=60, unknown=0, unconfirmed=0, outages=0)

    def test_a_sample_exactly_at_the_barrier_is_muted(self):
        # 45 -> 25; 45 bad is muted, 45.001 bad counts
        trace = [monitor(0, "start"), *good(0, 10, 20, 30, 40), *step(45, -20), *bad(45, 45.001), *good(50),
                 monitor(60, "stop")]
        self.expect(trace, up=60, unconfirmed=1)

    def test_the_barrier_is_never_lowered(self):
        # 45 -> 25, 30 -> 20: the barrier stays 45, 44 bad x3 is muted
        trace = [monitor(0, "start"), *good(0, 10, 20, 30, 40), *step(45, -20), *step(30, -10), *bad(44, 44, 44),
                 *good(50), monitor(60, "stop")]
        self.expect(trace, up=60, down=0, unconfirmed=0)

    def test_ranges_follow_the_labels(self):
        # 0..90; 45 -> 75 skips 50, 60, 70: [0,45) up, [45,75) unknown; 40 good speaks no further than 55; [80,100) up
        trace = [monitor(0, "start"), *every(10, 0, 100), *step(45, 30), monitor(100, "stop")]
        self.expect(trace, up=65, unknown=35)
        # 45 -> 25 repeats 30 and 40, muted: all of [0,100) is up
        trace = [monitor(0, "start"), *every(10, 0, 100), *step(45, -20), monitor(100, "stop")]
        self.expect(trace, up=100, unknown=0)

    def test_a_stop_among_repeated_labels_takes_nothing_back(self):
        # 45 -> 25, stop at label 30: [0,45) was observed the first time; unknown from the barrier 45 to 60
        trace = [monitor(0, "start"), *every(10, 0, 100), *step(45, -20), monitor(30, "stop"), monitor(60, "start"),
                 monitor(100, "stop")]
        self.expect(trace, up=85, unknown=15)

    def test_time_cannot_run_backward_without_a_step(self):
        with self.assertRaises(oracle.TraceError) as caught:
            world([monitor(0, "start"), *good(20), *good(10)])
        self.assertEqual(3, caught.exception.line)


TWO = [line(checks="icmp tcp:port=443,interval=30s")]  # icmp leads; tcp speaks for at most 45 s


class Rule7SeveralChecks(Story):
    def test_up_if_any_check_that_speaks_is_up(self):
        # icmp bad from 10 on; tcp asked at 10, 40, 70 is good all the time
        story = day(good(0), good(0, check="tcp"), bad(*range(10, 100, 10)), good(10, 40, 70, check="tcp"))
        self.expect(story, lines=TWO, up=100, down=0, outages=0)

    def test_only_ping_filtered_is_no_outage(self):
        # tcp good at 5 stands past 10, since its next one is good: up all the time
        story = day(good(0), good(5, 12, 42, 72, check="tcp"), bad(*range(10, 100, 10)))
        self.expect(story, lines=TWO, up=100, down=0, outages=0, unconfirmed=0)

    def test_a_word_from_before_a_doubt_ended_with_it_if_the_next_is_bad(self):
        # tcp good at 5 would speak to 50, but was bad when asked at 10.5: [10,40) down, icmp good at 40
        story = day(good(0), good(5, check="tcp"), bad(10, 20, 30), bad(10.5, check="tcp"), good(40, 50),
                    good(40, check="tcp"), end=60)
        self.expect(story, lines=TWO, up=30, down=30, outages=1, unconfirmed=0)
        # the latest good one of any before: tcp 5; first instant none is good: 10
        self.assertEqual([(10, 40, (5, 10), (30, 40))], self.outages(story, TWO))

    def test_or_if_there_is_no_next(self):
        self.expect(day(good(0), good(5, check="tcp"), bad(10, 20, 30), end=40), lines=TWO, up=10, down=30)

    def test_or_if_the_next_was_sent_when_the_outage_was_over(self):
        # icmp down [10,40), tcp asked again only at 40: its good one is not before the end
        story = day(good(0), good(5, check="tcp"), bad(10, 20, 30), good(40, 50), good(40, check="tcp"), end=60)
        self.expect(story, lines=TWO, down=30, outages=1)
        story = day(good(0), good(5, check="tcp"), bad(10, 20, 30), good(39.999, check="tcp"), good(40, 50), end=60)
        self.expect(story, lines=TWO, down=0, up=60, outages=0)

    def test_after_a_doubt_that_became_no_outage_any_good_one_will_do(self):
        # icmp bad at 10, good at 12 and then silent to 100; tcp good at 5 speaks to 50 if its next is good, at 60
        quiet = (good(0), good(5, check="tcp"), bad(10), good(12))
        self.expect(day(*quiet, good(60, check="tcp")), lines=TWO, up=90, unknown=10)  # [0,50) and [60,100)
        # is it bad, tcp's word ended at 10: icmp speaks [10,27); tcp 60 bad, unconfirmed, no doubt then, speaks up
        self.expect(day(*quiet, bad(60, check="tcp")), lines=TWO, up=27 + 40, unknown=33)

    def test_not_measured_is_no_answer_but_the_one_after_it_may_be(self):
        # tcp good 5, not measured 11, good 13: the word stands to 11; [11,13) down? no: icmp is no witness, so unknown
        story = day(good(0), good(5, check="tcp"), bad(10, 20, 30), silent(11, check="tcp"), good(13, check="tcp"), end=40)
        self.expect(story, lines=TWO, up=38, unknown=2, down=0, outages=0)

    def test_no_timed_out_question_speaks_for_up(self):
        # 21 s of silence: icmp every 1 s bad from 10 to 30; tcp every 30 s, down_after 3, bad at 11 and 21: unconfirmed
        lines = [line(checks="icmp:interval=1s tcp:port=443,interval=30s")]
        story = day(good(*range(0, 10)), good(2, check="tcp"), bad(*range(10, 31)), bad(11, 21, check="tcp"),
                    good(31, 32), good(31, check="tcp"), end=32)
        self.expect(story, lines=lines, up=11, down=21, outages=1, unconfirmed=0)

    def test_a_bad_sample_from_before_a_doubt_speaks_no_further_than_to_it(self):
        # tcp 8 bad speaks up as far as 10, though icmp is only not_measured by then
        story = day(good(0), silent(7), bad(8, check="tcp"), bad(10, 20, 30), end=40)
        self.expect(story, lines=TWO, up=9, unknown=1, down=30)  # [0,7) and [8,10); [7,8) nobody

    def test_after_a_doubt_an_unconfirmed_bad_sample_speaks_again(self):
        # icmp bad 10, taken out by nothing, good 12, not measured 13; tcp bad at 11 speaks up from 12 to 56
        story = day(good(0), bad(10), bad(11, check="tcp"), good(12), silent(13), good(60, check="tcp"))
        self.expect(story, lines=TWO, up=56 + 40, unknown=4, unconfirmed=1)

    def test_the_outage_of_a_check_beside_one_that_answered_counts_as_nothing(self):
        # tcp answers at 11 and is not asked again within its 45 s: up to 56, then unknown, not down
        story = day(good(0), bad(*range(10, 100, 10)), good(11, check="tcp"))
        self.expect(story, lines=TWO, up=10 + 45, unknown=45, down=0, outages=0)

    def test_also_one_that_is_not_the_leaders(self):
        # snmp's agent dies at 10 while icmp answers; icmp is silent (not bad) from 25 on
        lines = [line(checks="icmp snmp:credential=public,interval=30s")]
        story = day(good(0, 10), good(0, check="snmp"), bad(10, 11, 12, 42, 72, check="snmp"))
        self.expect(story, lines=lines, up=25, unknown=75, down=0, outages=0)

    def test_a_check_that_is_down_itself_is_no_witness_for_up(self):
        # tcp is down from 10; a single good one at 31 does not end that, so icmp's outage from 30 stands
        story = day(good(0, 10, 20), bad(10, 11, 12, check="tcp"), bad(30, 40, 50), good(31, check="tcp"),
                    bad(32, check="tcp"), good(60, 70), good(60, 61, check="tcp"), end=80)
        self.expect(story, lines=TWO, up=50, down=30, outages=1)

    def test_an_agent_that_died_behind_a_line_that_answers_is_no_witness_when_ping_fails_too(self):
        # tcp down from 10 beside icmp; icmp down [30,60): its own outage, by itself; tcp is the same outage still at 70
        story = day(good(0, 10, 20), bad(10, 11, 12, 42, 72, check="tcp"), bad(30, 40, 50), good(60, 70), silent(75), end=100)
        self.expect(story, lines=TWO, up=45, down=30, unknown=25, outages=1)

    def test_from_the_instant_it_keeps_the_target_up_the_other_is_no_witness(self):
        # all silent from 10; tcp is back at 25 (2 good ones), icmp never: [10,25) down, up to 71
        story = day(good(0), good(5, check="tcp"), bad(*range(10, 100, 10)), bad(10, 11, 12, check="tcp"),
                    good(25, 26, check="tcp"))
        self.expect(story, lines=TWO, up=10 + 46, down=15, unknown=29, outages=1)

    def test_a_check_that_is_taken_away_ends_its_doubt(self):
        # icmp bad at 10 and 20, gone at 25; tcp's unconfirmed bad one of 11 speaks up again from 25 to 56
        story = day(good(0), bad(10, 20), bad(11, check="tcp"), enter(25, line(checks="tcp:port=443,interval=30s")))
        self.expect(story, lines=TWO, up=56, unknown=44, down=0, unconfirmed=1)

    def test_the_others_first_bad_silences_nobody(self):
        # tcp does not lead: its bad run from 5 leaves icmp's 0 good speaking
        self.expect(day(good(*range(0, 100, 10)), bad(5, 15, 25, check="tcp")), lines=TWO, up=100, down=0)

    def test_a_check_that_was_added_in_the_middle_of_it_takes_nothing_back(self):
        # icmp down from 10; tcp is entered at 40 and answers its first question at 41: up from there, down before
        story = day(good(0), bad(*range(10, 60, 10)), enter(40, TWO[0]), good(41, check="tcp"), end=60)
        self.expect(story, up=10 + 19, unknown=0, down=31, outages=1)

    def test_the_others_speak_on_when_the_leader_is_taken_away(self):
        # in its doubt, after a short doubt, and in its outage; tcp is good at 5, 40 and 50
        away = lambda second: enter(second, line(checks="tcp:port=443,interval=30s"))
        tcp = good(5, 40, 50, check="tcp")
        self.expect(day(good(0), tcp, bad(10), away(12), end=60), lines=TWO, up=60, unconfirmed=0)
        self.expect(day(good(0), tcp, bad(10), good(11), away(20), end=60), lines=TWO, up=60, unconfirmed=0)
        # its outage was over at 20 for tcp's word, which ended at 10; tcp's bad one of 30 has no doubt beside it
        story = day(good(0), tcp, bad(10, 11, 12), away(20), bad(30, check="tcp"), end=60)
        self.expect(story, lines=TWO, up=40, down=10, unknown=10, outages=1)

    def test_a_check_that_comes_back_is_a_new_check(self):
        # bad 10 and 20, away from 25 to 30: a run that stayed too short; bad 35 is another one; [25,35) nobody speaks
        story = day(good(0), bad(10, 20), enter(25, line(checks="tcp:port=443")), enter(30, TWO[0]), bad(35), good(40, 50),
                    end=60)
        self.expect(story, lines=TWO, up=50, down=0, unknown=10, outages=0, unconfirmed=2)

    def test_of_equal_intervals_icmp_leads(self):
        # tcp 5 good is cut at 10, since its next is bad: icmp's outage began at 10
        lines = [line(checks="tcp:port=443 icmp")]
        self.expect(day(good(0), bad(10, 20, 30), good(5, check="tcp"), bad(15, 25, check="tcp"), end=40), lines=lines,
                    down=30, up=10)

    def test_the_others_doubt_nobody(self):
        # tcp is down from 12; icmp 10 good speaks to 25 although its next one is bad
        story = day(good(0, 10), good(0, check="tcp"), bad(12, 13, 14, check="tcp"), bad(35, 36, 37), end=40)
        self.expect(story, lines=TWO, up=25, unknown=10, down=5)

    def test_unknown_if_nobody_speaks(self):
        self.expect(day(good(0), good(0, check="tcp"), end=60), lines=TWO, up=45, unknown=15)

    def test_an_unconfirmed_run_counts_only_if_no_other_was_up(self):
        # tcp answered at 10 itself: it was up there
        self.expect(day(good(0), bad(10), good(20), good(10, check="tcp"), end=30), lines=TWO, unconfirmed=0, up=30)
        # tcp answered at 5 and at 50: its word stands
        self.expect(day(good(0), bad(10), good(20), good(5, 50, check="tcp"), end=60), lines=TWO, unconfirmed=0)
        # tcp answered at 5 only: its word ended at 10, so the run counts
        self.expect(day(good(0), bad(10), good(20), good(5, check="tcp"), end=30), lines=TWO, unconfirmed=1, up=30)

    def test_nor_if_the_target_was_down(self):
        # tcp bad once inside icmp's outage
        story = day(good(0), bad(10, 20, 30), bad(15, check="tcp"), good(40, 50), good(41, check="tcp"), end=60)
        self.expect(story, lines=TWO, down=30, unconfirmed=0)

    # icmp is blocked from 10 on, tcp keeps the line up from 10 to 55, is not measured then, and fails from 100 to 130
    blocked = (good(0), good(0, check="tcp"), bad(*range(10, 150, 10)), good(10, 40, check="tcp"),
               silent(55, check="tcp"), bad(100, 110, 120, check="tcp"), good(130, 140, check="tcp"))

    def test_a_check_that_was_down_while_the_line_was_up_is_no_witness(self):
        # [0,55) up, [55,100) unknown, [100,130) down by tcp, [130,150) up
        self.expect(day(*self.blocked, end=150), lines=TWO, up=75, unknown=45, down=30, outages=1)

    def test_it_is_one_again_when_it_goes_down_anew(self):
        # icmp is blocked 10..40, up from 40, and down anew from 60 with tcp silent: [60,100) down
        story = day(good(0), good(10, 20, 30, 40, check="tcp"), bad(10, 20, 30), good(40, 50), silent(50, check="tcp"),
                    bad(60, 70, 80, 90))
        self.expect(story, lines=TWO, up=60, down=40, unknown=0, outages=1)


class Rule8ScopeAndWindows(Story):
    always = every(10, 0, 100)

    def test_scope_is_accepted_to_closed(self):
        # P06: [30,70) of [0,100)
        self.expect(day(self.always), lines=[line(accepted=at(30), closed=at(70))], up=40, unknown=0)

    def test_scope_before_the_ledger_is_unknown(self):
        self.expect(day(self.always), lines=[line(accepted=at(-50))], up=100, unknown=50)

    def test_scope_is_cut_at_now(self):
        # P07: the range ends at 100, nothing after it is time
        self.expect([monitor(0, "start"), *self.always], end=5000, up=100, unknown=0)

    def test_an_empty_scope_gives_no_row(self):
        found = oracle.books(world(day(self.always), [line(accepted=at(200))]), ZERO, ZERO + 500_000)
        self.assertEqual({}, found)

    def test_a_scope_entry_closes_a_line(self):
        entry = [{"at": at(50), "scope": {"target": "L1", "accepted": at(0), "closed": at(60)}}]
        self.expect(day(self.always, entry), up=60)

    def test_samples_out_of_scope_feed_the_runs(self):
        # accepted at 25: bad 10, 20, 30 confirm; [25,40) of the outage is in scope
        story = day(good(0), bad(10, 20, 30), good(40, 50), end=60)
        self.expect(story, lines=[line(accepted=at(25))], down=15, up=20, outages=1)

    def test_an_approved_window_is_excluded(self):
        self.expect(day(window(1, "approved", 20, 50), self.always), excluded=30, up=70)

    def test_excluded_comes_before_unknown_and_down(self):
        # outage [10,40), unknown [65,100); window [30,80): down [10,30), unknown [80,100), up [0,10)
        story = day(window(1, "approved", 30, 80), good(0), bad(10, 20, 30), good(40, 50))
        self.expect(story, down=20, unknown=20, up=10, excluded=50, outages=1)

    def test_a_requested_window_is_not(self):
        self.expect(day(window(1, "requested", 20, 50), self.always), excluded=0, up=100)

    def test_an_approval_must_be_made_strictly_before(self):
        self.expect(day(self.always, window(20, "approved", 20, 50)), excluded=0)
        self.expect(day(self.always, window(19.999, "approved", 20, 50)), excluded=30)

    def test_the_last_record_before_decides(self):
        early = window(1, "approved", 20, 50)
        self.expect(day(early, window(2, "cancelled", 20, 50), self.always), excluded=0)
        self.expect(day(early, window(2, "revised", 30, 50), self.always), excluded=0)
        self.expect(day(early, window(2, "revised", 30, 50), window(3, "approved", 30, 50), self.always), excluded=20)

    def test_a_later_record_can_only_end_it_earlier(self):
        early = window(1, "approved", 20, 50)
        self.expect(day(early, self.always, window(35, "cancelled", 20, 50)), excluded=15)
        self.expect(day(early, self.always, window(35, "revised", 20, 90)), excluded=30)
        self.expect(day(early, self.always, window(35, "revised", 20, 40)), excluded=20)
        self.expect(day(early, self.always, window(35, "revised", 20, 25)), excluded=15)  # not before its own instant
        self.expect(day(early, self.always, window(60, "cancelled", 20, 50)), excluded=30)

    def test_a_window_is_kept_while_the_monitor_is_stopped(self):
        trace = [monitor(0, "start"), *good(0), monitor(10, "stop"), *window(12, "approved", 20, 50),
                 monitor(60, "start"), *good(60), monitor(70, "stop")]
        self.expect(trace, excluded=30, up=20, unknown=20)

    def test_an_outage_inside_a_window_is_not_counted(self):
        story = (good(0), bad(10, 20, 30), good(40, 50))
        self.expect(day(*story, window(1, "approved", 5, 40), end=60), outages=0, down=0, excluded=35)
        self.expect(day(*story, window(1, "approved", 5, 39), end=60), outages=1, down=1)

    def test_an_outage_over_midnight_counts_on_both_days(self):
        # down [-20, 10) around the midnight of 1 March
        trace = [monitor(-40, "start"), *good(-40, -30), *bad(-20, -10, 0), *good(10, 20), monitor(30, "stop")]
        self.expect(trace, by="day", key="2026-02-28", down=20, up=20, outages=1)
        self.expect(trace, by="day", key="2026-03-01", down=10, up=20, outages=1)


class Rule9Brackets(Story):
    story = (good(0), bad(10, 20, 30), good(40, 50))

    def test_between_the_neighbouring_samples(self):
        self.assertEqual([(10, 40, (0, 10), (30, 40))], self.outages(day(*self.story, end=60)))
        # least [10,30), middle [5,35), greatest [0,40)
        self.expect(day(*self.story, end=60), down=30, down_min=20, down_mid=30, down_max=40)

    def test_the_later_end_is_widened_by_the_round_trip(self):
        # 0 good took 4.2 ms: until 10.005; 40 good took 80 ms: until 40.081; 50 good does not matter
        story = day(good(0, rtt=4.2), bad(10, 20, 30), good(40, rtt=80), good(50, rtt=500), end=60)
        self.assertEqual([(10, 40, (0, 10.005), (30, 40.081))], self.outages(story))
        # least [10.005,30); middle [5.002,35.040) (halves of milliseconds are cut off); greatest [0,40.081)
        self.expect(story, down=30, down_min=19.995, down_mid=30.038, down_max=40.081)

    def test_nothing_good_before(self):
        story = day(bad(0, 10, 20), good(30, 40), end=50)
        self.assertEqual([(0, 30, (None, 0), (20, 30))], self.outages(story))
        self.expect(story, down=30, down_min=20, down_mid=25, down_max=30)

    def test_an_open_outage_goes_to_the_end(self):
        story = day(good(0), bad(10, 20, 30), end=40)
        self.assertEqual([(10, None, (0, 10), None)], self.outages(story))
        self.expect(story, down=30, down_min=30, down_mid=35, down_max=40)

    def test_unknown_before_the_end(self):
        # 30 bad speaks to 45; 70 good took 9 ms: ended 45, bracket [45,70.010]
        story = day(good(0), bad(10, 20, 30), good(70, rtt=9), good(80), end=90)
        self.assertEqual([(10, 45, (0, 10), (45, 70.010))], self.outages(story))
        # least [10,45), middle [5,57.505) without [45,70), greatest [0,70.010) without it
        self.expect(story, down=35, down_min=35, down_mid=40, down_max=45.010, unknown=25)

    def test_holes_are_cut_out_of_all_three(self):
        # outage [10,60), hole [30,40): least [10,50)-10, middle [5,55)-10, greatest [0,60)-10
        story = day(good(0), bad(10, 20), silent(30), bad(40, 50), good(60, 70), end=80)
        self.expect(story, down=40, unknown=10, down_min=30, down_mid=40, down_max=50)

    def test_windows_are_cut_out_of_all_three(self):
        # window [35,60): least [10,30), middle [5,35), greatest [0,35)
        story = day(*self.story, window(1, "approved", 35, 60), end=60)
        self.expect(story, down=25, down_min=20, down_mid=30, down_max=35)

    def test_a_period_clips_the_brackets(self):
        # from 8: least [10,30), middle [8,35), greatest [8,40)
        self.expect(day(*self.story, end=60), start=8, down=30, down_min=20, down_mid=27, down_max=32)

    def test_overlapping_stretches_count_once(self):
        # outages [10,40) and [40.5,70.5): the first ends by 40.901 at the latest, the second begins after 40.25 at the
        # earliest: greatest [0,70.5) once = 70.5
        story = day(good(0), bad(10, 20, 30), good(40, rtt=900), good(40.25), bad(40.5, 50.5, 60.5), good(70.5, 80.5),
                    end=90)
        self.expect(story, down=60, outages=2, down_max=70.5)

    def test_several_checks_end_with_the_first_good_of_any(self):
        # both down from 10 (tcp asked at 10, 20, 30); tcp good at 41 (12 ms) and 42, icmp at 50
        story = day(good(0), good(2, check="tcp"), bad(10, 20, 30, 40), bad(10, 20, 30, check="tcp"),
                    good(41, check="tcp", rtt=12), good(42, check="tcp"), good(50, 60), end=70)
        self.assertEqual([(10, 41, (2, 10), (40, 41.013))], self.outages(story, TWO))

    def test_of_several_samples_at_one_instant_the_last_good_one_begins_and_the_slowest_ends(self):
        story = day(good(0, rtt=80), good(0, rtt=3), bad(10, 20, 30), good(40, rtt=30), good(40, rtt=12), end=60)
        self.assertEqual([(10, 40, (0, 10.004), (30, 40.031))], self.outages(story))

    def test_of_the_last_good_samples_of_two_checks_at_one_instant_the_slower_counts(self):
        # also when both were taken away before
        other = line(checks="snmp:credential=public,if=1,interval=10s")
        story = day(good(0, rtt=0.4), good(0, check="tcp", rtt=3), enter(5, other), bad(10, 20, 30, check="snmp"), end=40)
        self.assertEqual([(10, None, (0, 10.004), None)], self.outages(story, TWO))

    def test_sums_take_nothing_of_unknown_time_before_an_outage(self):
        # 0 good speaks to 15; bad from 40: the bracket is (0,40], of which [0,15) is known
        story = day(good(0), bad(40, 50, 60), good(70, 80), end=90)
        # least [40,60), middle [20,65) without [20,40), greatest [0,70) without [15,40)
        self.expect(story, down=30, down_min=20, down_mid=25, down_max=45, unknown=25)

    visits = {"sites": [{"id": "S", "interval": "60s", "timeout": "10s", "down_after": 2, "up_after": 1}]}

    def visit(self, outcome, *when, **more):
        return samples(outcome, *when, target="S", check="http", **more)

    def test_a_visit_of_a_site_may_have_begun_before_the_cut(self):
        # good 0 took 2 s, the bad visit of 60 took 8 s, that of 65 its timeout: until 60 + 2.001 + 8
        story = day(self.visit("good", 0, rtt=2000), self.visit("bad", 60, took=8000), self.visit("bad", 65),
                    self.visit("good", 120, rtt=500), end=180)
        self.assertEqual([(60, 120, (0, 70.001), (65, 120.501))], self.outages(story, **self.visits))
        self.expect(story, key="S", config=self.visits, down=60, down_min=0, down_max=120.501)

    def test_without_took_it_took_the_timeout(self):
        story = day(self.visit("good", 0), self.visit("bad", 60, 65), self.visit("good", 120), end=180)
        self.assertEqual([(60, 120, (0, 70), (65, 120))], self.outages(story, **self.visits))
        # also where nothing good came before: the least begins at 70
        story = day(self.visit("bad", 60, 65, 90), self.visit("good", 120), end=180)
        self.assertEqual([(60, 120, (None, 70), (90, 120))], self.outages(story, **self.visits))
        self.expect(story, key="S", config=self.visits, down=60, down_min=20, down_max=60)

    def test_a_question_to_a_line_has_not(self):
        self.assertEqual([(10, 40, (0, 10), (30, 40))],
                         self.outages(day(good(0), bad(10, 20, 30, took=900), good(40, 50), end=60)))

    def test_the_last_bad_sample_is_one_whose_word_counted(self):
        # icmp testifies from 2 to 3 (last bad 2.2); its outage from 3 on is none: the next answer of snmp, 3.4, is good
        at_once = {"defaults": {"interval": "1s", "timeout": "1s", "down_after": 1, "up_after": 1}}
        lines = [line(checks="icmp snmp:interval=1s")]
        for beside in ([], silent(3)):  # also where the bad sample of 3 speaks for no time
            story = [monitor(0, "start")] + good(1) + good(1, check="snmp") + bad(2) + bad(2.1, check="snmp") + bad(2.2) \
                + good(3) + bad(3) + beside + good(3.4, check="snmp") + [monitor(3.9, "stop")]
            self.assertEqual([(2, 3.4, (1, 2), (2.2, 3.4))], self.outages(story, lines, **at_once))


class Rule10OwnUplink(Story):
    """Two anchors; every timeout is 1 s, so a bad sample at t without took_ms is known at t + 1."""

    anchors = {"anchors": ["192.0.2.1", "192.0.2.2"]}
    fast = [line(checks="icmp:interval=1s")]

    def both(self, outcome, *when, **more):
        return samples(outcome, *when, target="anchor-1", **more) + samples(outcome, *when, target="anchor-2", **more)

    def silence(self, *between, at=45):
        """A line that is bad at `at`, anchors good at 10 and 40 and bad at 42; the next sign is that of 60."""
        return day(self.both("good", 10, 40), self.both("bad", 42), good(0, 15, 30), *between, good(60, 70), end=80)

    def test_a_cut_of_our_own_uplink_is_nobodys_outage(self):
        # silent from 2 to 10: signs at 1.5 and 10.2; [0.2,2.2) up, [2.2,10.2) unknown, [10.2,12) up
        when = [second + 0.2 for second in range(2, 10)]
        story = day(good(0.2, 1.2), bad(*when), good(10.2, 11.2), self.both("good", 0.5, 1.5),
                    self.both("bad", *[second + 0.3 for second in when]), self.both("good", 10.5, 11.5), end=12)
        self.expect(story, lines=self.fast, config=self.anchors, up=3.8, unknown=8.2, down=0, outages=0, unconfirmed=0)

    def test_nor_of_lines_that_are_asked_every_ten_seconds(self):
        # our uplink is cut from 20 to 50; L1 asked at 3, 13, ..., L2 at 8, 18, ..., both fast from their first bad one
        anchors = self.both("good", *range(0, 20)) + self.both("bad", *range(20, 50)) + self.both("good", *range(50, 60))
        one = (good(3, 13), bad(23, 23.25, 23.5, 33, 43), good(53))
        two = (good(8, 18, target="L2"), bad(28, 28.25, 28.5, 38, 48, target="L2"), good(58, target="L2"))
        for key, unknown in (("L1", 3 + 30), ("L2", 8 + 30)):
            self.expect(day(anchors, *one, *two, end=60), lines=[line("L1"), line("L2")], key=key, config=self.anchors,
                        down=0, unknown=unknown, up=60 - unknown)

    def test_an_outage_of_a_line_and_then_our_own(self):
        # cut from 10 to 16; our uplink dead from 14 to 614: the question of 13.1 becomes known at 14.1, after the last
        # sign at 13.5. [10.1,13.1) down, then unknown, ended at 614.1
        cut = every(1, 10.1, 614, "bad") + every(1, 14.5, 614, "bad", "anchor-1") + every(1, 14.5, 614, "bad", "anchor-2")
        story = day(good(*[second + 0.1 for second in range(10)]), self.both("good", *[s + 0.5 for s in range(14)]), cut,
                    good(614.1, 615.1), self.both("good", 614.5), end=616)
        self.expect(story, lines=self.fast, config=self.anchors, down=3, up=11.9, unknown=601.1, outages=1,
                    down_min=3, down_mid=3.5, down_max=4)
        self.assertEqual([(10.1, 13.1, (9.1, 10.1), (13.1, 614.1))], self.outages(story, self.fast, **self.anchors))

    def test_without_anchors_the_rule_does_nothing(self):
        self.expect(day(good(0), bad(10, 20, 30), good(40, 50), end=60), down=30)

    def test_a_real_outage_beside_signs_stays(self):
        story = day(self.both("good", 0, 10, 20, 30), good(0), bad(11, 21, 31), good(41, 51), end=60)
        self.expect(story, config=self.anchors, down=30, outages=1)

    def test_also_beside_one_anchor_alone(self):
        story = day(self.both("good", 0), bad(*range(1, 60), target="anchor-1"), good(*range(1, 60), target="anchor-2"),
                    good(0), bad(10.5, 20.5, 30.5), good(40.5, 50.5), end=60)
        # from 10.5 to 11.5 (its took) there is a sign at 11, but the silences (10,11) and (11,12) hold no bad sample of
        # anchor-2
        self.expect(story, config=self.anchors, down=30, outages=1)

    def test_one_bad_sample_in_a_silence_of_ours_is_unknown(self):
        # [0,45) up but for nothing; [45,60) unknown; [60,80) up
        self.expect(self.silence(bad(45)), config=self.anchors, up=65, unknown=15, unconfirmed=0)

    def test_an_anchor_that_was_not_asked_in_it_saves_nobody(self):
        # anchor-2 counts and has no bad sample inside (40,60): the line's own. [45,60) is up, unconfirmed
        story = day(self.both("good", 10, 40), bad(42, target="anchor-1"), good(0, 15, 30), bad(45), good(60, 70), end=80)
        self.expect(story, config=self.anchors, up=80, unknown=0, unconfirmed=1)

    def test_the_time_until_it_was_known_must_meet_the_silence(self):
        # the silence begins with the sign at 40: known at 39.5, at 40 (the silence is open) and at 40.001
        self.expect(self.silence(bad(39, took=500)), config=self.anchors, unconfirmed=1)
        self.expect(self.silence(bad(39, took=1000)), config=self.anchors, unconfirmed=1)
        self.expect(self.silence(bad(39, took=1001)), config=self.anchors, unconfirmed=0, unknown=15 + 6)  # [39,60)

    def test_without_took_it_took_the_checks_timeout(self):
        self.expect(self.silence(bad(38.5)), config=self.anchors, unconfirmed=1)
        self.expect(self.silence(bad(39.5)), config=self.anchors, unconfirmed=0)
        slow = [line(checks="icmp:timeout=2s")]
        self.expect(self.silence(bad(38.5)), config=self.anchors, lines=slow, unconfirmed=0)

    def test_the_timeout_is_layered_like_the_interval(self):
        of = lambda row, config: oracle.policies_of_line(row, oracle.settings(config, []))
        row = {"category": "village", "checks": "icmp tcp:timeout=3s snmp"}
        timeouts = lambda config: [policy.timeout for policy in of(row, config).values()]
        self.assertEqual([1000, 3000, 2000], timeouts({}))
        self.assertEqual([800, 3000, 800], timeouts({"defaults": {"timeout": "800ms"}}))
        self.assertEqual([700, 3000, 900], timeouts({"defaults": {"timeout": "800ms"}, "categories": {
            "village": {"timeout": "700ms"}}, "kinds": {"snmp": {"timeout": "900ms"}}}))

    def test_a_bad_sample_at_the_instant_of_the_sign_that_ends_it_is_not_in_it(self):
        # anchors good at 50; bad at 50 with took 0 and at 49.999
        end = self.both("good", 50)
        self.expect(self.silence(bad(50, took=0), end), config=self.anchors, unconfirmed=1)
        self.expect(self.silence(bad(49.999, took=0), end), config=self.anchors, unconfirmed=0)

    def test_any_lines_answer_is_a_sign_also_that_of_a_child(self):
        # L2 answers at 42 and 44: (42,44) has no bad sample of an anchor, (40,42) neither, since open; (44,60) none
        lines = [line("L1"), line("L2", parent="L1")]
        self.expect(self.silence(bad(45), good(42, 44, target="L2")), config=self.anchors, lines=lines, unconfirmed=1)

    def test_but_not_that_of_a_line_on_our_own_side(self):
        lines = [line("L1"), line("L2", witness="no")]
        self.expect(self.silence(bad(45), good(42, 44, target="L2")), config=self.anchors, lines=lines, unknown=15)
        # whose own bad samples are taken out like any other's
        self.expect(self.silence(bad(45, target="L2"), good(30, target="L2")), config=self.anchors, lines=lines, key="L2",
                    unconfirmed=0)

    def test_by_the_row_in_force_when_it_answered(self):
        lines, own = [line("L1"), line("L2")], enter(43, line("L2", witness="no"))
        self.expect(self.silence(bad(45), own, good(44, target="L2")), config=self.anchors, lines=lines, unknown=15)
        self.expect(self.silence(bad(45), own, good(42, target="L2")), config=self.anchors, lines=lines, unconfirmed=1)

    def test_nor_that_of_a_site(self):
        site = {"sites": [{"id": "S", "interval": "60s", "down_after": 2, "up_after": 1}]}
        visits = samples("good", 42, 44, target="S", check="http")
        self.expect(self.silence(bad(45), visits), config={**self.anchors, **site}, unknown=15)
        # a visit may take 15 s: that of 26 was known to be bad at 41
        visits = samples("good", 0, target="S", check="http") + samples("bad", 26, target="S", check="http")
        self.expect(self.silence(visits), key="S", config={**self.anchors, **site}, unconfirmed=0, up=26, unknown=54)
        visits = samples("good", 0, target="S", check="http") + samples("bad", 25, target="S", check="http")
        self.expect(self.silence(visits), key="S", config={**self.anchors, **site}, unconfirmed=1, up=80)

    def test_an_answer_slower_than_an_anchors_timeout_is_no_sign(self):
        # at 43.5 L2 answered in 1.001 s, in 1 s, and in 1.001 s with anchors that may take 2 s
        lines = [line("L1"), line("L2", checks="icmp:timeout=3s")]
        late, just = good(43.5, target="L2", rtt=1001), good(43.5, target="L2", rtt=1000)
        self.expect(self.silence(bad(43), late), config=self.anchors, lines=lines, unconfirmed=0)
        self.expect(self.silence(bad(44.5), just), config=self.anchors, lines=lines, unconfirmed=1)
        patient = {"anchors": [{"address": "192.0.2.1", "checks": "icmp:timeout=2s"}, "192.0.2.2"]}
        self.expect(self.silence(bad(44.5), late), config=patient, lines=lines, unconfirmed=1)

    def test_an_anchor_that_is_dead_all_along_does_not_count(self):
        # anchor-2 was never good; anchor-1 was, 5 s before
        story = day(good(10, 40, target="anchor-1"), bad(42, target="anchor-1"), good(0, 15, 30), bad(45), good(60), end=70)
        self.expect(story, config=self.anchors, unknown=15, unconfirmed=0)

    def test_but_before_the_first_sign_all_do(self):
        first = lambda *more: day(bad(5, target="anchor-1"), *more, bad(10), good(20), end=30)
        self.expect(first(), config=self.anchors, unconfirmed=1, up=20)
        self.expect(first(bad(6, target="anchor-2")), config=self.anchors, unconfirmed=0, up=10)

    def test_without_an_anchor_that_counts_nothing_is_ours(self):
        # signs come from L2 alone, the anchors were last good at 0, 700 s ago
        lines = [line("L1"), line("L2")]
        trace = day(self.both("good", 0), self.both("bad", 702), good(699), every(10, 0, 700, target="L2"), bad(705),
                    good(710), end=720)
        self.expect(trace, config=self.anchors, lines=lines, unconfirmed=1)

    def test_ten_minutes_before_the_silence_began(self):
        # the silence begins with L2's sign at 690; the anchors' last one at 90 counts, at 89.999 not
        lines = [line("L1"), line("L2")]
        for last, unconfirmed in ((90, 0), (89.999, 1)):
            trace = day(self.both("good", last), self.both("bad", 702), good(689), every(10, 0, 700, target="L2"),
                        bad(705), good(710), end=720)
            self.expect(trace, config=self.anchors, lines=lines, unconfirmed=unconfirmed)

    def test_after_the_last_sign_is_a_silence_too(self):
        story = day(self.both("good", 10), self.both("bad", 30), good(0, 10), bad(20, 30, 40), end=50)
        self.expect(story, config=self.anchors, up=20, down=0, unknown=30, unconfirmed=0)

    def test_each_session_is_for_itself(self):
        # signs until 20, started anew at 50: nothing good until 70, the anchors were bad at 52
        anew = lambda *more: [monitor(0, "start"), *good(0, 10), *self.both("good", 20), monitor(25, "stop"),
                              monitor(50, "start"), *more, *bad(55), *good(70), monitor(80, "stop")]
        self.expect(anew(*self.both("bad", 52)), config=self.anchors, up=25 + 10, unconfirmed=0)
        # an anchor that was bad before the stop was not bad in this silence
        trace = [monitor(0, "start"), *good(0, 10), *self.both("good", 15), *self.both("bad", 20), monitor(25, "stop"),
                 monitor(50, "start"), *bad(55), *good(70), monitor(80, "stop")]
        self.expect(trace, config=self.anchors, up=25 + 15 + 10, unconfirmed=1)

    def test_a_lost_sample_is_no_sign(self):
        def trace(crash):
            return [monitor(0, "start"), *self.both("good", 20), *good(20), *bad(24.5, took=900), *self.both("good", 24.6),
                    *self.both("bad", 25, took=0), *self.both("good", 25.2), *bad(25.2, took=0), monitor(crash, "crash"),
                    monitor(50, "start"), *good(60), monitor(70, "stop")]
        # with a crash at 25.5 the heartbeat is 25: 25.2 and the sign beside it are lost; 24.5 meets (24.6,end)
        self.expect(trace(25.5), config=self.anchors, unconfirmed=0)
        # with a crash at 26 they are not: 24.5 meets (24.6,25.2); 25.2 is at the sign and in no silence of ours
        self.expect(trace(26), config=self.anchors, unconfirmed=1)

    def test_a_muted_sample_is_no_sign(self):
        # 45 -> 25: the anchors' answers of 42 (62 of monotonic time) are muted, those of 46 are not
        trace = [monitor(0, "start"), *good(0, 15, 30), *self.both("good", 40), *step(45, -20), *self.both("good", 42),
                 *self.both("bad", 45.5), *bad(45.8), *good(50), monitor(60, "stop")]
        self.expect(trace, config=self.anchors, unconfirmed=0)
        trace = [monitor(0, "start"), *good(0, 15, 30), *self.both("good", 40), *step(45, -20), *self.both("bad", 42),
                 *bad(45.8), *good(50), monitor(60, "stop")]  # nor a muted one bad
        self.expect(trace, config=self.anchors, unconfirmed=1)

    def test_distance_is_that_of_monotonic_time(self):
        # 10 to 640 by the labels are 30 s: the anchors count
        trace = [monitor(0, "start"), *good(0), *self.both("good", 10), *step(20, 300), *step(325, 300), *good(640),
                 *self.both("bad", 641), *bad(645), *good(650), monitor(660, "stop")]
        self.expect(trace, config=self.anchors, unconfirmed=0)
        # and took goes past a step: bad at 13.9 took 1 s; 14 -> 114; anchors bad at 114.2, sign at 114.4
        trace = [monitor(0, "start"), *good(0), *self.both("good", 13.95), *bad(13.96, took=100), *step(14, 100),
                 *self.both("bad", 114.02), *good(114.4, 120), monitor(130, "stop")]
        self.expect(trace, config=self.anchors, unconfirmed=0)

    def test_it_ends_a_pending_bad_run(self):
        # bad 22 and 32 beside signs, our own failure (40,60) with 45, then bad 61: never three in a row
        story = day(self.both("good", 10, 25, 40), self.both("bad", 42), good(0), bad(22, 32), bad(45),
                    self.both("good", 60), bad(61), good(71), end=80)
        self.expect(story, config=self.anchors, down=0, unconfirmed=2, up=0 + 15 + 23 + 19, unknown=23 - 0)

    def test_it_ends_no_pending_good_run_inside_an_outage(self):
        # down from 10; good 40, ours (40,60), good 60: ended at 40
        story = day(self.both("good", 0, 12, 22, 32), good(0), bad(10, 20, 30), good(40), self.both("bad", 45), bad(50),
                    good(60), end=70)
        self.expect(story, config=self.anchors, down=30, up=10 + 10 + 10, unknown=10, outages=1)

    def test_it_makes_a_hole_in_an_outage(self):
        # down [10,45), ours (40,60): 45 and 55 unknown; bad at 65 beside the sign at 65.5; good 75
        story = day(self.both("good", 0, 12, 22, 32, 40), good(0), bad(10, 20, 30, 35), self.both("bad", 46), bad(45, 55),
                    self.both("good", 60, 66.5), bad(65), good(75, 85), end=90)
        self.expect(story, config=self.anchors, down=45, unknown=20, up=25, outages=1)

    def test_good_samples_stay_good(self):
        # a slow answer in the silence is no sign, but it is good
        lines = [line(checks="icmp:timeout=3s")]
        self.expect(self.silence(good(45, rtt=1500)), config=self.anchors, lines=lines, up=80)

    def test_its_doubt_ends_where_ours_begins(self):
        # icmp bad at 39.9 (known at once, beside signs), 45 is ours; tcp's bad one at 39.95 speaks up from 45 on
        story = day(self.both("good", 10, 40), self.both("bad", 42), good(0, 15, 30), good(0, check="tcp"),
                    bad(39.9, took=0), bad(39.95, check="tcp", took=0), bad(45), good(60, 70), good(60, check="tcp"), end=80)
        self.expect(story, config=self.anchors, lines=TWO, up=80, unknown=0, unconfirmed=1)

    def test_an_anchor_of_the_trace_exists_from_its_first_record_on(self):
        # anchor-9 appears at 10; the line's bad one in the silence before the first sign is not ours
        trace = lambda *more: day(*more, good(20), good(20, target="anchor-9"), bad(30), bad(31, target="anchor-9"),
                                  good(40), end=50)
        self.expect(trace(), unknown=20 + 10, unconfirmed=0)
        # a second one, first recorded at 45, does not count at 30
        self.expect(trace(bad(45, target="anchor-a")), unconfirmed=0)
        self.expect(trace(good(19, target="anchor-a")), unconfirmed=1)

    def test_anchors_have_no_row(self):
        found = oracle.books(world(day(self.both("good", 10), good(0)), **self.anchors), ZERO, ZERO + 100_000)
        self.assertEqual(["L1"], list(found))

    def test_an_outage_soon_after_our_own_is_marked(self):
        def marks(first):
            story = day(self.both("good", 0, 10), self.both("bad", 15), good(0, 10), bad(20), good(30), every(5, 30, first),
                        self.both("good", first - 0.5, first + 30), bad(first, first + 10, first + 20), end=first + 30)
            return [o.after_own_uplink for o in oracle.outages(world(story, **self.anchors), ZERO, ZERO + 10**9)]
        # the silence (10,30) is ours
        self.assertEqual([True], marks(40))
        self.assertEqual([True], marks(90))
        self.assertEqual([False], marks(90.001))


class TheTrace(Story):
    def test_a_range_has_its_first_instant_and_not_its_last(self):
        # 10, 20 exist, 30 does not: [10,20) and [20,35)
        self.expect(day(every(10, 10, 30)), up=25)

    def test_a_range_sample_exists_at_the_start_and_not_at_the_stop(self):
        trace = [monitor(0, "start"), *every(10, 0, 60), monitor(20, "stop"), monitor(40, "start"), monitor(60, "stop")]
        # 0, 10 | 40, 50
        self.expect(trace, up=40, unknown=20)

    def test_a_single_sample_replaces_the_one_of_a_range(self):
        # bad 10, 20, 30 instead of the range's
        self.expect(day(every(10, 0, 100), bad(10, 20, 30)), down=30, up=70)

    def test_singles_on_both_sides_drop_those_between(self):
        # bad 12, 22, 32: 20 and 30 are dropped, 10 and 40 are not
        self.expect(day(every(10, 0, 100), bad(12, 22, 32)), down=28, up=72)

    def test_singles_further_apart_drop_nothing(self):
        # bad 12, 22.001, 32.002: good 20 and 30 stand between, so no run is longer than one
        self.expect(day(every(10, 0, 100), bad(12, 22.001, 32.002)), down=0, unconfirmed=3)

    def test_a_star_means_every_target_with_that_check(self):
        trace = day(every(10, 0, 100, target="*"))
        lines = [line("L1"), line("L2", checks="tcp:port=443")]
        self.expect(trace, lines=lines, up=100)
        self.expect(trace, lines=lines, key="L2", up=0, unknown=100)

    def test_a_star_reaches_a_line_from_its_entry_on(self):
        # L2 exists from 45: samples 50..90
        trace = day(every(10, 0, 100, target="*"), [{"at": at(45), "inventory": line("L2", accepted=at(45))}])
        self.expect(trace, key="L2", up=50, unknown=5)

    def test_now_is_the_greatest_instant_of_any_line(self):
        self.expect([monitor(0, "start"), *every(10, 0, 80), *good(30)], up=80, unknown=0)

    def test_unknown_targets_are_errors(self):
        with self.assertRaises(oracle.TraceError):
            world([monitor(0, "start"), *good(10, target="L9")])


class Figures(Story):
    def test_a_group_is_the_sum_of_its_lines(self):
        trace = day(every(10, 0, 100, target="*"), bad(10, 20, 30))
        self.expect(trace, lines=[line("L1"), line("L2")], by="category", key="village", up=170, down=30, outages=1)

    def test_a_line_counts_with_each_carrier_for_the_time_it_was_theirs(self):
        change = [{"at": at(50), "inventory": line(carrier="移动")}]
        self.expect(day(every(10, 0, 100), change), by="carrier", key="移动", up=50)
        self.expect(day(every(10, 0, 100), change), by="carrier", key="电信", up=50)
        self.expect(day(every(10, 0, 100), change), by="carrier", key="电信", end=50, up=50)

    def test_a_row_among_repeated_labels_takes_over_where_the_one_before_it_began(self):
        # the scope of 40 is a row as well; 45 -> 20, moved at 25: theirs from 40 on, [40,55) up
        scope = [{"at": at(40), "scope": {"target": "L1", "closed": at(1000)}}]
        trace = [monitor(0, "start"), *good(0, 10, 20, 30, 40), *scope, *step(45, -20),
                 *enter(25, line(carrier="移动")), monitor(100, "stop")]
        self.expect(trace, by="carrier", key="移动", up=15)
        self.expect(trace, by="carrier", key="电信", up=40)
        # a scope that says what is known already is none
        scope[0]["scope"]["closed"] = ""
        self.expect(trace, by="carrier", key="移动", up=30)

    def test_ratios(self):
        # U 65, D 30, K 5, X 0
        story = day(silent(95), good(0), bad(10, 20, 30), good(40, 50, 60, 70, 80))
        row = oracle.availability(world(story), ZERO, ZERO + 100_000)[0]
        self.assertEqual((65 / 95, 65 / 100, 70 / 100, 95 / 100, 30.0),
                         tuple(row[name] for name in ("availability", "lower", "upper", "coverage", "mttr_s")))

    def test_a_ratio_without_a_value_is_null(self):
        row = oracle.availability(world(day()), ZERO, ZERO + 100_000)[0]
        self.assertEqual((None, 0.0, 1.0, 0.0, None),
                         tuple(row[name] for name in ("availability", "lower", "upper", "coverage", "mttr_s")))

    def test_days_are_those_of_the_zone(self):
        # Berlin, 29 March 2026: 23 hours (P11); asked every 10 minutes for the whole day
        first = oracle.instant("2026-03-29T00:00:00+01:00", None)
        trace = [{"at": "2026-03-29T00:00:00+01:00", "monitor": "start"},
                 {"from": "2026-03-29T00:00:00+01:00", "to": "2026-03-30T12:00:00+02:00", "every_s": 600,
                  "target": "L1", "check": "icmp", "outcome": "good"}]
        played = world(trace, [line(checks="icmp:interval=600s")], "Europe/Berlin")
        found = oracle.books(played, first, first + 48 * 3_600_000, "day")
        self.assertEqual([("2026-03-29", 23 * 3_600_000), ("2026-03-30", 12 * 3_600_000)],
                         [(key, row["up"]) for key, row in found.items()])

    def test_civil_periods(self):
        zone = oracle.zoneinfo.ZoneInfo("Asia/Shanghai")
        edge = lambda text, is_end: oracle.iso(oracle.period_edge(text, zone, is_end), zone)[:10]
        edges = [(edge(text, False), edge(text, True))
                 for text in ("2026", "2026-12", "2024-02", "2026-03-14")]
        self.assertEqual([("2026-01-01", "2027-01-01"), ("2026-12-01", "2027-01-01"), ("2024-02-01", "2024-03-01"),
                          ("2026-03-14", "2026-03-15")], edges)


class RandomWorlds(unittest.TestCase):
    """What holds of any books, whatever the rules say."""

    def check(self, seed):
        made = worlds.small_world(seed)
        config = json.loads(json.dumps(made.config))
        played = oracle.read_trace([json.dumps(each) for each in made.trace], oracle.settings(config, made.rows))
        whole = oracle.target_books(played)
        for target, its in whole.items():
            self.assertEqual([], oracle.intersect(its.up, its.down))
            self.assertEqual(its.down, oracle.union(*[outage.down for outage in its.outages]))
            self.assertEqual([], oracle.subtract(its.least, oracle.union(its.middle)))
            self.assertEqual([], oracle.subtract(its.middle, its.greatest))
            self.assertEqual([], oracle.subtract(its.greatest, oracle.union(its.up, its.down)))
        start, end = played.first - 86_400_000, played.now + 86_400_000
        lines = oracle.books(played, start, end, of_targets=whole)
        for target, row in lines.items():
            scope = oracle.total(oracle.intersect(oracle.scope_of(played, target), [(start, end)]))
            self.assertEqual(scope, sum(row[name] for name in ("up", "down", "excluded", "unknown")))
            self.assertTrue(all(row[name] >= 0 for name in oracle.SUMS))
        days = oracle.books(played, start, end, "day", of_targets=whole)
        for name in oracle.SUMS[:7] + ["unconfirmed"]:
            self.assertEqual(sum(row[name] for row in lines.values()), sum(row[name] for row in days.values()), name)

    def test_hold_together(self):
        for seed in (1, 2, 3, 4, 7, 8):
            with self.subTest(seed=seed):
                self.check(seed)

    def test_are_the_same_for_the_same_seed(self):
        self.assertEqual(worlds.small_world(4).trace, worlds.small_world(4).trace)


if __name__ == "__main__":
    sys.exit(unittest.main())
