#include "daemon/simulate/snmp_request.h"

#include <algorithm>
#include <cstring>

namespace changtong::simulate {
namespace {

using bytes = std::span<const std::uint8_t>;
constexpr std::uint8_t sequence_tag = 0x30, integer_tag = 0x02, octets_tag = 0x04, null_tag = 0x05, oid_tag = 0x06;
constexpr std::uint8_t get_tag = 0xa0, get_next_tag = 0xa1, response_tag = 0xa2, get_bulk_tag = 0xa5;

/** Takes elements off the front of `rest`; one failure spoils everything after it. */
class reader {
 public:
  explicit reader(bytes all) : rest_(all) {}

  [[nodiscard]] bool empty() const { return rest_.empty(); }
  [[nodiscard]] std::uint8_t peek() const { return rest_.empty() ? std::uint8_t{0} : rest_[0]; }

  std::optional<bytes> take(std::uint8_t tag) {
    if (rest_.size() < 2 || rest_[0] != tag) return std::nullopt;
    std::size_t header = 2, length = rest_[1];
    if (length >= 0x80) {
      const std::size_t more = length & 0x7f;
      if (more == 0 || more > 2 || rest_.size() < 2 + more) return std::nullopt;  // indefinite, or more than 64 kB
      length = 0;
      for (std::size_t i = 0; i < more; ++i) length = length << 8 | rest_[2 + i];
      header += more;
    }
    if (rest_.size() - header < length) return std::nullopt;
    const bytes body = rest_.subspan(header, length);
    rest_ = rest_.subspan(header + length);
    return body;
  }

  std::optional<std::int32_t> take_integer() {
    const auto body = take(integer_tag);
    if (!body || body->empty() || body->size() > 4) return std::nullopt;
    std::uint32_t value = (*body)[0] >= 0x80 ? 0xffffffffU : 0U;
    for (const std::uint8_t b : *body) value = value << 8 | b;
    return static_cast<std::int32_t>(value);
  }

 private:
  bytes rest_;
};

std::optional<object_id> read_name(bytes body) {
  object_id name;
  std::uint64_t arc = 0;
  std::size_t digits = 0;
  for (const std::uint8_t b : body) {
    arc = arc << 7 | (b & 0x7f);
    if (++digits > 5 || arc > 0xffffffffU) return std::nullopt;
    if (b & 0x80) continue;
    if (name.size == 0) {
      const std::uint64_t first = std::min<std::uint64_t>(arc / 40, 2);
      name.arcs[name.size++] = static_cast<std::uint32_t>(first);
      arc -= first * 40;
    }
    if (name.size == most_arcs) return std::nullopt;
    name.arcs[name.size++] = static_cast<std::uint32_t>(arc);
    arc = 0;
    digits = 0;
  }
  if (digits != 0 || name.size == 0) return std::nullopt;
  return name;
}

bool read_bindings(bytes list, snmp_request& into) {
  reader all(list);
  while (!all.empty()) {
    const auto pair = all.take(sequence_tag);
    if (!pair || into.count == most_bindings) return false;
    reader one(*pair);
    const auto name_bytes = one.take(oid_tag);
    if (!name_bytes) return false;
    const auto value = one.take(null_tag);
    if (!value || !value->empty() || !one.empty()) return false;
    const auto name = read_name(*name_bytes);
    if (!name) return false;
    into.names[into.count++] = *name;
  }
  return true;
}

/** Writes from the end of the buffer to its front, so that every length is known when it is written. */
class writer {
 public:
  explicit writer(std::span<std::uint8_t, most_response_bytes> out) : out_(out), at_(out.size()) {}

  [[nodiscard]] std::size_t at() const { return at_; }
  [[nodiscard]] bool full() const { return full_; }

  void byte(std::uint64_t b) {
    if (at_ == 0)
      full_ = true;
    else
      out_[--at_] = static_cast<std::uint8_t>(b);
  }
  void text(std::string_view t) {
    for (std::size_t i = t.size(); i > 0; --i) byte(static_cast<std::uint8_t>(t[i - 1]));
  }
  /** Puts tag and length before what was written since `end`. */
  void wrap(std::uint8_t tag, std::size_t end) {
    const std::size_t length = end - at_;
    if (length < 0x80) {
      byte(length);
    } else {
      byte(length);
      if (length > 0xff) byte(length >> 8);
      byte(length > 0xff ? 0x82 : 0x81);
    }
    byte(tag);
  }
  void signed_integer(std::int32_t value) {
    const std::size_t end = at_;
    std::int32_t left = value;
    do {
      byte(static_cast<std::uint32_t>(left) & 0xff);
      left >>= 8;
    } while (!((left == 0 && (front() & 0x80) == 0) || (left == -1 && (front() & 0x80) != 0)) && !full_);
    wrap(integer_tag, end);
  }
  void unsigned_integer(std::uint8_t tag, std::uint64_t value) {
    const std::size_t end = at_;
    do {
      byte(value & 0xff);
      value >>= 8;
    } while (value != 0);
    if (front() & 0x80) byte(0);
    wrap(tag, end);
  }
  void name(const object_id& id) {
    const std::size_t end = at_;
    for (std::size_t i = id.size; i > 2; --i) arc(id.arcs[i - 1]);
    arc(std::uint64_t{id.arcs[0]} * 40 + id.arcs[1]);
    wrap(oid_tag, end);
  }

 private:
  [[nodiscard]] std::uint8_t front() const { return at_ < out_.size() ? out_[at_] : std::uint8_t{0}; }
  void arc(std::uint64_t value) {
    byte(value & 0x7f);
    while ((value >>= 7) != 0) byte((value & 0x7f) | 0x80);
  }

  std::span<std::uint8_t, most_response_bytes> out_;
  std::size_t at_;
  bool full_ = false;
};

void write_value(writer& w, const object_value& v) {
  using enum object_value::type;
  const std::size_t end = w.at();
  switch (v.what) {
    case octets:
      w.text(v.text);
      return w.wrap(octets_tag, end);
    case integer:
      return w.signed_integer(static_cast<std::int32_t>(v.number));
    case object_name:
      return w.name(v.object);
    case no_such_object:
    case end_of_view:
      return w.wrap(static_cast<std::uint8_t>(v.what), end);
    default:
      return w.unsigned_integer(static_cast<std::uint8_t>(v.what), v.number);
  }
}

/** False if it did not fit. */
bool write_message(writer& w, const snmp_request& to, std::span<const binding> bindings, std::int32_t status) {
  const std::size_t end = w.at();
  for (std::size_t i = bindings.size(); i > 0 && !w.full(); --i) {
    const std::size_t pair_end = w.at();
    write_value(w, bindings[i - 1].value);
    w.name(bindings[i - 1].name);
    w.wrap(sequence_tag, pair_end);
  }
  w.wrap(sequence_tag, end);
  w.signed_integer(0);
  w.signed_integer(status);
  w.signed_integer(to.id);
  w.wrap(response_tag, end);
  const std::size_t community_end = w.at();
  w.text(to.community);
  w.wrap(octets_tag, community_end);
  w.signed_integer(1);
  w.wrap(sequence_tag, end);
  return !w.full();
}

}  // namespace

std::strong_ordering operator<=>(const object_id& a, const object_id& b) {
  const auto x = a.view(), y = b.view();
  return std::lexicographical_compare_three_way(x.begin(), x.end(), y.begin(), y.end());
}

std::optional<snmp_request> read_request(std::span<const std::uint8_t> datagram) {
  reader outer(datagram);
  const auto message = outer.take(sequence_tag);
  if (!message || !outer.empty()) return std::nullopt;
  reader fields(*message);
  if (fields.take_integer() != 1) return std::nullopt;  // version 2c
  snmp_request request;
  const auto community = fields.take(octets_tag);
  if (!community || community->size() > 64) return std::nullopt;
  request.community = {reinterpret_cast<const char*>(community->data()), community->size()};
  const bool bulk = fields.peek() == get_bulk_tag;
  request.next = bulk || fields.peek() == get_next_tag;
  const auto pdu = fields.take(bulk ? get_bulk_tag : request.next ? get_next_tag : get_tag);
  if (!pdu || !fields.empty()) return std::nullopt;
  reader body(*pdu);
  const auto id = body.take_integer(), before = body.take_integer(), repetitions = body.take_integer();
  if (!id || !before || !repetitions || (bulk && *before != 0)) return std::nullopt;
  request.id = *id;
  if (bulk)
    request.repetitions =
        static_cast<std::size_t>(std::clamp<std::int32_t>(*repetitions, 0, static_cast<std::int32_t>(most_bindings)));
  const auto list = body.take(sequence_tag);
  if (!list || !body.empty() || !read_bindings(*list, request)) return std::nullopt;
  return request;
}

std::size_t write_response(const snmp_request& to, std::span<const binding> bindings,
                           std::span<std::uint8_t, most_response_bytes> out) {
  writer whole(out);
  std::size_t at = 0;
  if (write_message(whole, to, bindings, 0)) {
    at = whole.at();
  } else {
    writer refusal(out);
    constexpr std::int32_t too_big = 1;
    if (!write_message(refusal, to, {}, too_big)) return 0;  // cannot be: a community is at most 64 bytes
    at = refusal.at();
  }
  std::memmove(out.data(), out.data() + at, out.size() - at);
  return out.size() - at;
}

}  // namespace changtong::simulate
