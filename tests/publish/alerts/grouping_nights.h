#pragma once
/** Scripted nights, each with the steps that it must make, worked out by hand from what a night duty wants: one
 * message an event, exact to the line, one follow-up if it grew, one when it is over.
 *
 * Unless said otherwise quiet is 0.7 s, at_most 4 s (6 s while they stream or a cause is open), within 15 s, growth
 * settles in 5 s. Below a line that is down twice the quiet is waited for what is not down yet. */
#include <string>
#include <vector>

#include "tests/publish/alerts/grouping_night.h"

namespace changtong::alerts {

struct scripted {
  std::string name;
  night script;
  double end;
  std::vector<std::string> steps;
};

/** Villages are confirmed from 12.0 to 13.82, their uplink at 12.9: the last one and 0.7 s, for all that can be is
 * down.
 */
inline scripted township() {
  night n;
  for (int v = 0; v < 14; ++v) {
    const double s = 12 + 0.14 * v;
    n.down(numbered("V", v + 1), s, std::max(0.0, 12.9 - s), "T1");
  }
  n.down("T1", 12.9);
  for (int v = 0; v < 14; ++v) n.up(numbered("V", v + 1), 100 + 0.1 * v);
  n.up("T1", 99.5);
  const std::string all = "T1 " + range("V", 1, 14);
  return {"a dead township uplink",
          n,
          1000,
          {"14.520 0001 opened upstream T1: " + all, "102.000 0001 resolved upstream T1: " + all}};
}

/** At 10 s: one village after the other until 22.0, so it is not waited for the last: told 4 s after the first, and
 * again 5 s after the last. */
inline scripted slow_township() {
  night n;
  n.down("V01", 12, 0.5, "T1").down("T1", 12.5).down("V02", 12.6, 0, "T1").down("V03", 12.8, 0, "T1");
  for (int v = 4; v <= 14; ++v) n.down(numbered("V", v), 12 + 10.0 * (v - 3) / 11, 0, "T1");
  const std::string all = "T1 " + range("V", 1, 14);
  return {"a township at a slow interval",
          n,
          1000,
          {"16.000 0001 opened upstream T1: T1 " + range("V", 1, 7), "27.000 0001 grown upstream T1: " + all}};
}

/** 26 lines over five towns from 20.0 to 21.0, back from 60 to 61.25. */
inline scripted carrier_cut() {
  night n;
  for (int c = 0; c < 26; ++c) n.down(numbered("C", c + 1), 20 + 0.04 * c).up(numbered("C", c + 1), 60 + 0.05 * c);
  return {"a carrier's cut",
          n,
          1000,
          {"21.700 0001 opened carrier 中国移动: " + range("C", 1, 26),
           "61.950 0001 resolved carrier 中国移动: " + range("C", 1, 26)}};
}

/** The same, and a line of another carrier in one of the towns within the cut: its own alert. */
inline scripted beside_a_cut() {
  auto inv = std::make_shared<inventory>(*county());
  inv->targets[inv->index_of("L2")].town = "水口镇";
  night n{inv};
  for (int c = 0; c < 26; ++c) n.down(numbered("C", c + 1), 20 + 0.04 * c);
  n.down("L2", 20.5);
  return {"a line of another carrier during a cut",
          n,
          1000,
          {"21.700 0001 opened carrier 中国移动: " + range("C", 1, 26), "21.700 0002 opened line: L2"}};
}

/** Two towns, three carriers, 18 lines from 20.0 to 21.7. */
inline scripted valley() {
  night n;
  for (int p = 0; p < 10; ++p) n.down(numbered("P", p + 1), 20 + 0.1 * p);
  for (int q = 0; q < 8; ++q) n.down(numbered("Q", q + 1), 21 + 0.1 * q);
  return {
      "power gone in a valley", n, 1000, {"22.400 0001 opened many: " + range("P", 1, 10) + " " + range("Q", 1, 8)}};
}

/** One of the two: ten lines of three carriers. */
inline scripted town() {
  night n;
  for (int p = 0; p < 10; ++p) n.down(numbered("P", p + 1), 20 + 0.1 * p);
  return {"power gone in a town", n, 1000, {"21.600 0001 opened town 上坪乡: " + range("P", 1, 10)}};
}

/** Four outages in 15 minutes: the fourth is the last that is told; over half an hour after it came back for good. */
inline scripted flapping() {
  night n;
  for (int k = 0; k < 6; ++k) n.down("L1", 10 + 300 * k).up("L1", 40 + 300 * k);
  return {"a flapping line",
          n,
          5000,
          {"10.700 0001 opened line: L1", "40.700 0001 resolved line: L1", "310.700 0002 opened line: L1",
           "340.700 0002 resolved line: L1", "610.700 0003 opened line: L1", "640.700 0003 resolved line: L1",
           "910.700 0004 opened flapping: L1", "3340.000 0004 resolved flapping: L1"}};
}

/** The fourth time it stays down: five minutes later it is said that it does. Down for more than half an hour is no
 * flapping, so its end is told at once. */
inline scripted flapping_for_good() {
  night n;
  for (int k = 0; k < 3; ++k) n.down("L1", 10 + 300 * k).up("L1", 40 + 300 * k);
  n.down("L1", 910).up("L1", 4000);
  return {"a flapping line that stays down",
          n,
          9000,
          {"10.700 0001 opened line: L1", "40.700 0001 resolved line: L1", "310.700 0002 opened line: L1",
           "340.700 0002 resolved line: L1", "610.700 0003 opened line: L1", "640.700 0003 resolved line: L1",
           "910.700 0004 opened flapping: L1", "1210.700 0004 grown line: L1", "4000.700 0004 resolved line: L1"}};
}

/** Rule 10 takes the outages out; what is left is a fault of ours, over when it has been away for 10 s. */
inline scripted own_cable() {
  night n;
  n.own("uplink", true, 30).own("uplink", true, 31).own("uplink", false, 90);
  for (int c = 1; c <= 26; ++c) n.unknown(numbered("C", c), 30);
  return {"our own cable pulled", n, 1000, {"30.000 0001 opened own uplink:", "100.000 0001 resolved own uplink:"}};
}

inline scripted alone() {
  night n;
  n.down("L1", 10).up("L1", 70);
  return {"one line", n, 1000, {"10.700 0001 opened line: L1", "70.700 0001 resolved line: L1"}};
}

/** Its parent is asked for 2 s, and is well. */
inline scripted undecided_parent() {
  night n;
  n.down("V03", 10, 2).up("V03", 70);
  return {"a line whose parent is undecided for 2 s",
          n,
          1000,
          {"12.000 0001 opened line: V03", "70.700 0001 resolved line: V03"}};
}

/** Four villages are told at 12.0 as the town's (a parent is waited for for 2 s, the quiet is over), then the uplink is
 * confirmed: the alert is the uplink's and has grown by it and by who followed. */
inline scripted parent_last() {
  night n;
  for (int v = 0; v < 4; ++v) n.down(numbered("V", v + 1), 10 + 0.1 * v, 2);
  n.down("T1", 13.5).down("V05", 14, 0, "T1");
  return {
      "a parent confirmed after its children",
      n,
      1000,
      {"12.000 0001 opened town 龙河镇: " + range("V", 1, 4), "19.000 0001 grown upstream T1: T1 " + range("V", 1, 5)}};
}

/** One village told alone, then its uplink goes down. */
inline scripted parent_after_a_single() {
  night n;
  n.down("V01", 10, 2).down("T1", 13).up("V01", 50).up("T1", 50);
  return {"a parent confirmed after one child that was told",
          n,
          1000,
          {"12.000 0001 opened line: V01", "18.000 0001 grown upstream T1: T1 V01",
           "50.700 0001 resolved upstream T1: T1 V01"}};
}

inline scripted two_singles() {
  night n;
  n.down("L1", 10).down("L2", 10.4).up("L1", 60).up("L2", 90);
  return {"two lines that have nothing in common",
          n,
          1000,
          {"10.700 0001 opened line: L1", "11.100 0002 opened line: L2", "60.700 0001 resolved line: L1",
           "90.700 0002 resolved line: L2"}};
}

/** 20 of 26 are back at 61: told two minutes after the last of them; the other six are told when they are back. */
inline scripted in_pieces_night() {
  night n;
  for (int c = 0; c < 26; ++c) n.down(numbered("C", c + 1), 20 + 0.04 * c);
  for (int c = 0; c < 20; ++c) n.up(numbered("C", c + 1), 60 + 0.05 * c);
  for (int c = 20; c < 26; ++c) n.up(numbered("C", c + 1), 4000 + c);
  return {"recovery in pieces",
          n,
          9000,
          {"21.700 0001 opened carrier 中国移动: " + range("C", 1, 26),
           "180.950 0001 resolved carrier 中国移动: " + range("C", 1, 20),
           "4025.700 0001 resolved carrier 中国移动: " + range("C", 21, 26)}};
}

/** One line told at 20.7, three of its carrier from 24 on: grown once, 5 s after the last; what begins 15 s after the
 * first is another alert. */
inline scripted growth() {
  night n;
  n.down("C01", 20).down("C02", 24).down("C03", 24.5).down("C04", 26).down("C07", 41);
  return {"growth after it was told",
          n,
          1000,
          {"20.700 0001 opened line: C01", "31.000 0001 grown carrier 中国移动: " + range("C", 1, 4),
           "41.700 0002 opened line: C07"}};
}

/** Five lines of a carrier at 20; one more that was well 11 s later fell by itself, though all of them are asked every
 * second. */
inline scripted alone_after_a_cut() {
  night n;
  for (int c = 1; c <= 5; ++c) n.down(numbered("C", c), 20 + 0.1 * c).up(numbered("C", c), 90);
  n.down("C07", 32).up("C07", 60);
  return {"a line that fell alone after its carrier's cut",
          n,
          1000,
          {"21.200 0001 opened carrier 中国移动: " + range("C", 1, 5), "32.700 0002 opened line: C07",
           "60.700 0002 resolved line: C07", "90.700 0001 resolved carrier 中国移动: " + range("C", 1, 5)}};
}

/** Three more of them, well 11 s later, together: the cut has grown. */
inline scripted together_after_a_cut() {
  night n;
  for (int c = 1; c <= 5; ++c) n.down(numbered("C", c), 20 + 0.1 * c);
  for (int c = 6; c <= 8; ++c) n.down(numbered("C", c), 32);
  return {"lines that fell together after their carrier's cut",
          n,
          1000,
          {"21.200 0001 opened carrier 中国移动: " + range("C", 1, 5),
           "37.000 0001 grown carrier 中国移动: " + range("C", 1, 8)}};
}

/** The same at an interval of 15 s: nobody saw it well since, so it may have been with them. */
inline scripted seldom_asked() {
  night n;
  for (int c = 1; c <= 5; ++c) n.down(numbered("C", c), 20 + 0.1 * c, 0, "", 2, 15);
  n.down("C07", 32, 0, "", 2, 15);
  return {"a line that is asked seldom, in a carrier's cut",
          n,
          1000,
          {"21.200 0001 opened carrier 中国移动: " + range("C", 1, 5),
           "37.000 0001 grown carrier 中国移动: " + range("C", 1, 5) + " C07"}};
}

/** Villages of a town one after the other, each with a parent that is asked for 2 s: the first waits for its own. */
inline scripted parents_one_by_one() {
  night n;
  for (int v = 0; v < 4; ++v) n.down(numbered("V", v + 1), 10 + 1.5 * v, 2);
  return {"parents that are asked one after another",
          n,
          1000,
          {"12.200 0001 opened line: V01", "12.200 0002 opened line: V02",
           "19.500 0001 grown town 龙河镇: " + range("V", 1, 4), "19.500 0002 resolved line:"}};
}

/** Six lines with nothing in common at once. */
inline scripted many_at_once() {
  night n;
  for (int k = 1; k <= 6; ++k) n.down(fmt::format("L{}", k), 10 + 0.1 * k);
  return {"many that have nothing in common", n, 1000, {"11.300 0001 opened many: L1 L2 L3 L4 L5 L6"}};
}

/** The same, one every two seconds: three are told, what comes on top is part of the third. */
inline scripted many_one_by_one() {
  night n;
  for (int k = 1; k <= 6; ++k) n.down(fmt::format("L{}", k), 8 + 2 * k);
  return {"many one by one",
          n,
          1000,
          {"10.700 0001 opened line: L1", "12.700 0002 opened line: L2", "14.700 0003 opened line: L3",
           "25.000 0003 grown many: L3 L4 L5 L6"}};
}

inline scripted sites() {
  night n;
  n.down("S01", 10).down("S02", 10.2).down("C01", 10.3).down("S03", 10.5).down("S04", 50);
  return {"sites beside a line",
          n,
          1000,
          {"11.000 0001 opened line: C01", "11.200 0002 opened many: S01 S02 S03", "50.700 0003 opened site: S04"}};
}

/** Back, and down again before that was told: no word of it. */
inline scripted back_and_down() {
  night n;
  n.down("L1", 10).up("L1", 30).down("L1", 30.5).up("L1", 50);
  return {"down again before it was told as well",
          n,
          1000,
          {"10.700 0001 opened line: L1", "50.700 0001 resolved line: L1"}};
}

/** Over before it was told: told nevertheless, and its end with it. */
inline scripted short_outage() {
  night n;
  n.down("L1", 10).up("L1", 10.5);
  return {"over before it was told", n, 1000, {"10.700 0001 opened line: L1", "11.400 0001 resolved line: L1"}};
}

inline std::vector<scripted> nights() {
  return {township(),
          slow_township(),
          carrier_cut(),
          beside_a_cut(),
          valley(),
          town(),
          flapping(),
          own_cable(),
          flapping_for_good(),
          alone(),
          two_singles(),
          undecided_parent(),
          parent_last(),
          parent_after_a_single(),
          in_pieces_night(),
          growth(),
          alone_after_a_cut(),
          together_after_a_cut(),
          seldom_asked(),
          parents_one_by_one(),
          many_at_once(),
          many_one_by_one(),
          sites(),
          back_and_down(),
          short_outage()};
}

}  // namespace changtong::alerts
