#include "daemon/verdict/uplink.h"

#include <algorithm>
#include <bit>

namespace changtong::verdict {
namespace {

constexpr uplink::tick word_of(uplink::tick at) { return at >> 6; }  // rounds down for negative instants too
constexpr std::size_t place_of(uplink::tick word) {
  return static_cast<std::size_t>(word) & (uplink::horizon / 64 - 1);
}

}  // namespace

// -- signs -----------------------------------------------------------------------------------------------------------

/** Makes room up to `at`: what falls out of the ring is remembered by its last sign. */
void uplink::move_to(tick at) {
  if (at <= newest_) return;
  const auto size = static_cast<tick>(words);
  if (newest_ == -never || word_of(at) - word_of(newest_) >= size) {
    bits_ = {};
    older_ = last_;
  } else {
    for (tick w = word_of(newest_) + 1; w <= word_of(at); ++w) {
      std::uint64_t& bits = bits_[place_of(w)];
      if (bits != 0) older_ = ((w - size) << 6) + 63 - std::countl_zero(bits);
      bits = 0;
    }
  }
  newest_ = at;
}

void uplink::mark(tick at) {
  move_to(at);
  last_ = std::max(last_, at);
  if (word_of(at) <= word_of(newest_) - static_cast<tick>(words)) {
    older_ = std::max(older_, at);
    return;
  }
  bits_[place_of(word_of(at))] |= std::uint64_t{1} << (at & 63);
}

uplink::tick uplink::sign_before_or_at(tick at) const {
  if (at >= last_) return last_;
  const tick oldest = word_of(newest_) - static_cast<tick>(words) + 1;
  for (tick w = word_of(at); w >= oldest; --w) {
    std::uint64_t bits = bits_[place_of(w)];
    if (w == word_of(at) && (at & 63) != 63) bits &= (std::uint64_t{2} << (at & 63)) - 1;
    if (bits != 0) return (w << 6) + 63 - std::countl_zero(bits);
  }
  return older_ <= at ? older_ : -never;
}

uplink::tick uplink::sign_after(tick at) const {
  if (at >= last_) return never;
  const tick oldest = word_of(newest_) - static_cast<tick>(words) + 1;
  for (tick w = std::max(oldest, at == -never ? oldest : word_of(at)); w <= word_of(newest_); ++w) {
    std::uint64_t bits = bits_[place_of(w)];
    if (w == word_of(at)) bits &= (at & 63) == 63 ? 0 : ~((std::uint64_t{2} << (at & 63)) - 1);
    if (bits != 0) return (w << 6) + std::countr_zero(bits);
  }
  return never;
}

void uplink::sign(tick sent) {
  if (sent == last_) return;  // most of them, where there are many lines
  mark(sent);
}

/** Sorted; of what lies beyond the horizon only the last one is kept. */
void uplink::keep(std::vector<tick>& in, tick at, tick newest) {
  in.insert(std::ranges::upper_bound(in, at), at);
  const auto first = std::ranges::lower_bound(in, newest - horizon);
  if (first - in.begin() > 1) in.erase(in.begin(), first - 1);
}

void uplink::anchor_sign(std::size_t anchor, tick sent) {
  mark(sent);
  keep(anchors_[anchor].signs, sent, newest_);
}

void uplink::anchor_bad(std::size_t anchor, tick sent) {
  move_to(sent);
  keep(anchors_[anchor].bads, sent, newest_);
}

void uplink::adopt(std::span<const std::size_t> was) {
  std::vector<anchor> now(was.size());
  for (std::size_t i = 0; i < was.size(); ++i)
    if (was[i] != fresh) now[i] = anchors_[was[i]];
  anchors_ = std::move(now);
}

// -- silences --------------------------------------------------------------------------------------------------------

/** Before the first sign of the session all do. */
bool uplink::counts(const anchor& of, tick a) const {
  if (a == -never) return true;
  const auto later = std::ranges::upper_bound(of.signs, a);
  return later != of.signs.begin() && *(later - 1) >= a - counts_for;
}

uplink::view uplink::judged(tick a, tick b) const {
  view v{.ours = true, .counting = false};
  for (const anchor& of : anchors_) {
    if (!counts(of, a)) continue;
    v.counting = true;
    const auto bad = std::ranges::upper_bound(of.bads, a);
    if (bad == of.bads.end() || *bad >= b)
      v.ours = false;
    else
      v.evidence = std::max(v.evidence, *bad);
  }
  v.ours = v.ours && v.counting;
  return v;
}

/** An anchor that counts wherever in (a, b) a silence may begin is known to have no bad sample in it. */
bool uplink::surely_theirs(tick a, tick b, const known& k) const {
  for (std::size_t i = 0; i < anchors_.size(); ++i) {
    if (k.anchors[i] < b || !counts(anchors_[i], a) || (a != -never && !counts(anchors_[i], b))) continue;
    const auto bad = std::ranges::upper_bound(anchors_[i].bads, a);
    if (bad == anchors_[i].bads.end() || *bad >= b) return true;
  }
  return false;
}

uplink::whose uplink::of(tick sent, tick until, const known& k) const {
  if (!any()) return whose::theirs;
  tick a = sign_before_or_at(sent);
  if (until > last_) {  // it meets the silence of now
    const view now = judged(last_, never);
    if (now.ours) return k.signs > std::max(sent, now.evidence) ? whose::ours : whose::open;
    if (now.counting && k.signs != never) return whose::open;
  } else if (surely_theirs(a, sign_after(until - 1), k)) {
    return whose::theirs;
  }
  bool open = false;
  while (a < until) {
    const tick b = sign_after(a);
    if (sent < b) {
      const view v = judged(a, b);
      if (v.ours && k.signs > std::max(sent, v.evidence)) return whose::ours;
      open = open || v.ours || (v.counting && b != never && !surely_theirs(a, b, k));
    }
    a = b;
  }
  return open ? whose::open : whose::theirs;
}

/** A silence of ours holds a bad sample of an anchor, so it is enough to look around those: from silence to silence,
 * beginning with the one that may reach into the last minute. */
bool uplink::just_after(tick sent) const {
  return std::ranges::any_of(anchors_, [&](const anchor& of) {
    auto bad = std::ranges::upper_bound(of.bads, sent - after_for);
    if (bad != of.bads.begin()) --bad;
    while (bad != of.bads.end() && *bad < sent) {
      const tick a = sign_before_or_at(*bad), b = sign_after(*bad);
      if (b > sent) return false;
      if (a != *bad && b >= sent - after_for && judged(a, b).ours) return true;
      bad = std::lower_bound(bad + 1, of.bads.end(), b);
    }
    return false;
  });
}

bool uplink::contradicted(tick since) const {
  return last_ > since && std::ranges::any_of(anchors_, [&](const anchor& of) {
           return !of.bads.empty() && (of.signs.empty() || of.signs.back() < since);
         });
}

}  // namespace changtong::verdict
