#pragma once
/** The part of names.h about outages that are open, and about silences that are our own uplink's and therefore none;
 * included there and nowhere else.
 *
 * An outage is open from its confirmation to the good sample that ends it, also while its line is unknown, while we
 * were stopped and over a reload: `…_outage_open` is 1 as long, and …_down_info has a sample as long, with the labels
 * cause, reason (Chinese) and since (its begin in civil time of the configured zone, for messages). */

// X(identifier, type, unit, help), as in names.h.
#define CHANGTONG_OUTAGE_METRICS(X)                                                                                  \
  X(line_outage_open, gauge, "", "中断是否尚未结束；好样本才结束，未知与重启不算 (1 until a good sample ends it)")   \
  X(line_outage_began_timestamp_seconds, gauge, "seconds", "尚未结束的中断自何时起 (begin of the open outage)")      \
  X(line_down_info, gauge, "", "尚未结束的中断及原因，恒为 1 (an open outage and why; always 1)")                    \
  X(site_outage_open, gauge, "", "中断是否尚未结束；好样本才结束，未知与重启不算 (1 until a good sample ends it)")   \
  X(site_outage_began_timestamp_seconds, gauge, "seconds", "尚未结束的中断自何时起 (begin of the open outage)")      \
  X(site_down_info, gauge, "", "尚未结束的中断及原因，恒为 1 (an open outage and why; always 1)")                    \
  X(outages_open, gauge, "", "尚未结束的中断数，按类别 (open outages, by category)")                                 \
  X(own_uplink_silent, gauge, "", "本机上联是否静默：1 为全部锚点无应答 (1 while a silence of all anchors is ours)") \
  X(own_uplink_samples_total, counter, "", "因本机上联静默而不计的坏样本 (bad samples that rule 10 took out)")       \
  X(anchors_contradicted, gauge, "", "锚点无应答而专线有应答 (1 while anchors are silent and lines answer)")         \
  X(anchor_up, gauge, "", "锚点最近一次是否应答；未测时无此序列 (1 if the latest sample of an anchor is good)")
