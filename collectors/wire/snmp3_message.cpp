#include "collectors/wire/snmp3_message.h"

#include <algorithm>
#include <array>

#include "collectors/wire/ber.h"
#include "collectors/wire/snmp_envelope.h"

namespace changtong::wire {
namespace {

constexpr std::uint8_t tag_integer = 0x02, tag_octets = 0x04, tag_name = 0x06, tag_sequence = 0x30;
constexpr std::uint8_t tag_pdu = 0xa0, pdu_mask = 0xe0;

bool read_octets(ber_cursor& from, bytes& to) {
  const auto v = from.primitive();
  if (!v || v->tag != tag_octets) return false;
  to = v->value;
  return true;
}

/** msgGlobalData behind the msgID. */
bool read_global(ber_cursor& in, snmp3_message& m) {
  std::int64_t max_size = 0;
  bytes flags;
  if (!read_snmp_integer(in, max_size, m.odd) || !read_octets(in, flags) || flags.size() != 1) return false;
  m.flags = flags[0];
  if (m.is_private() && !m.authenticated()) return false;
  return read_snmp_integer(in, m.model, m.odd) && m.model == snmp3_user_based;
}

bool read_security(bytes parameters, const std::uint8_t* begin, snmp3_message& m) {
  ber_cursor all(parameters);
  const auto outer = all.head();
  if (!outer || outer->tag != tag_sequence || outer->length > all.left()) return false;
  ber_cursor in = all.inside(*outer);
  if (!read_octets(in, m.engine) || !read_snmp_integer(in, m.boots, m.odd) || !read_snmp_integer(in, m.time, m.odd) ||
      !read_octets(in, m.user) || !read_octets(in, m.mac) || !read_octets(in, m.salt))
    return false;
  if (!in.done() || !all.done()) m.odd |= snmp_oddity::trailing;
  m.mac_offset = static_cast<std::size_t>(m.mac.data() - begin);
  return m.engine.size() <= snmp3_longest_engine && m.user.size() <= snmp3_longest_user &&
         (m.salt.empty() || m.salt.size() == snmp3_salt_length);
}

bool read_payload(ber_cursor& in, bytes message, snmp3_message& m) {
  const auto h = in.head();
  if (!h) return false;
  if (m.is_private()) {
    if (h->tag != tag_octets || h->length > in.left()) return false;
  } else if (h->tag != tag_sequence) {
    return false;
  }
  if (h->endless) m.odd |= snmp_oddity::endless;
  if (h->length > in.left()) m.odd |= snmp_oddity::unreadable;
  const std::size_t at = in.at();
  m.scoped = message.subspan(at, std::min(h->length, in.left()));
  static_cast<void>(in.inside(*h));
  return true;
}

/** The last two numbers of 1.3.6.1.6.3.GROUP.1.1.N.0 or 1.3.6.1.6.3.11.2.1.N.0. */
snmp3_report report_named(bytes name) {
  static constexpr std::array<std::uint8_t, 5> modules{0x2b, 6, 1, 6, 3};
  if (name.size() < 8 || !std::equal(modules.begin(), modules.end(), name.begin())) return snmp3_report::none;
  const bytes in = name.subspan(modules.size());
  const auto begins = [&](std::initializer_list<std::uint8_t> with) {
    return in.size() > with.size() && std::equal(with.begin(), with.end(), in.begin());
  };
  using r = snmp3_report;
  static constexpr std::array user_based{r::unsupported_level, r::not_in_time_window, r::unknown_user,
                                         r::unknown_engine,    r::wrong_digest,       r::decryption_error};
  static constexpr std::array dispatcher{r::unknown_model, r::invalid_message, r::unknown_handler};
  if (begins({15, 1, 1}) && in[3] >= 1 && in[3] <= user_based.size()) return user_based[in[3] - 1U];
  if (begins({11, 2, 1}) && in[3] >= 1 && in[3] <= dispatcher.size()) return dispatcher[in[3] - 1U];
  if (begins({12, 1}) && (in[2] == 4 || in[2] == 5)) return r::unknown_context;
  return r::none;
}

/** The first binding's name, behind the request-id of a Report. */
snmp3_report report_of(bytes rest) {
  ber_cursor in(rest);
  std::int64_t ignored = 0;
  snmp_oddities odd;
  if (!read_snmp_integer(in, ignored, odd) || !read_snmp_integer(in, ignored, odd)) return snmp3_report::none;
  const auto list = in.head();
  if (!list) return snmp3_report::none;
  ber_cursor bindings = in.inside(*list);
  const auto one = bindings.head();
  if (!one) return snmp3_report::none;
  const auto name = bindings.inside(*one).primitive();
  return name && name->tag == tag_name ? report_named(name->value) : snmp3_report::none;
}

/** Writes BER from front to back into a place that is large enough; lengths are known beforehand. */
class writer {
 public:
  explicit writer(std::span<std::uint8_t> out) : out_(out) {}

  static std::size_t head_size(std::size_t length) { return length < 0x80 ? 2 : length < 0x100 ? 3 : 4; }
  static std::size_t size(std::size_t length) { return head_size(length) + length; }
  static std::size_t number_size(std::uint32_t n) {
    return n < 0x80U ? 3 : n < 0x8000U ? 4 : n < 0x800000U ? 5 : n < 0x80000000U ? 6 : 7;
  }

  void head(std::uint8_t tag, std::size_t length) {
    byte(tag);
    if (length >= 0x100) {
      byte(0x82);
      byte(static_cast<std::uint8_t>(length >> 8U));
    } else if (length >= 0x80) {
      byte(0x81);
    }
    byte(static_cast<std::uint8_t>(length));
  }
  void number(std::uint32_t n) {
    const std::size_t length = number_size(n) - 2;
    head(tag_integer, length);
    for (std::size_t i = length; i-- > 0;) byte(i >= 4 ? std::uint8_t{0} : static_cast<std::uint8_t>(n >> 8U * i));
  }
  void octets(bytes value) {
    head(tag_octets, value.size());
    raw(value);
  }
  std::size_t zeros(std::size_t count) {
    head(tag_octets, count);
    const std::size_t at = at_;
    fill(count);
    return at;
  }
  void fill(std::size_t count) {
    std::fill_n(out_.begin() + static_cast<std::ptrdiff_t>(at_), count, std::uint8_t{0});
    at_ += count;
  }
  void raw(bytes value) {
    std::copy(value.begin(), value.end(), out_.begin() + static_cast<std::ptrdiff_t>(at_));
    at_ += value.size();
  }
  [[nodiscard]] std::size_t at() const { return at_; }

 private:
  void byte(std::uint8_t b) { out_[at_++] = b; }
  std::span<std::uint8_t> out_;
  std::size_t at_ = 0;
};

bytes context_engine_of(const snmp3_draft& d) { return d.context_engine.value_or(d.engine); }

/** How long each part of a message is. */
struct measures {
  std::size_t global, security, scoped, hidden, payload, whole;

  explicit measures(const snmp3_draft& d) {
    const bool is_private = (d.flags & snmp3_private) != 0;
    global = writer::number_size(d.id) + writer::number_size(d.max_size) + 3 + 3;
    security = writer::size(d.engine.size()) + writer::number_size(d.boots) + writer::number_size(d.time) +
               writer::size(d.user.size()) + writer::size(d.mac_length) +
               writer::size(is_private ? snmp3_salt_length : 0);
    scoped = writer::size(context_engine_of(d).size()) + writer::size(d.context.size()) + d.pdu.size();
    const std::size_t block = std::max<std::size_t>(d.block, 1);
    hidden = (writer::size(scoped) + block - 1) / block * block;
    payload = is_private ? writer::size(hidden) : writer::size(scoped);
    whole = 3 + writer::size(global) + writer::size(writer::size(security)) + payload;
  }
};

}  // namespace

snmp3_message read_snmp3_message(bytes message, std::size_t whole) {
  snmp3_message m;
  ber_cursor all(message);
  const auto outer = all.head();
  if (!outer || outer->tag != tag_sequence) return m;
  if (outer->endless) m.odd |= snmp_oddity::endless;
  if (!outer->endless && outer->length > whole - all.at()) m.cut = true;
  ber_cursor in = all.inside(*outer);
  if (!all.done()) m.odd |= snmp_oddity::trailing;
  std::int64_t version = 0;
  if (!read_snmp_integer(in, version, m.odd) || version != snmp3_version) return m;
  const auto global = in.head();
  if (!global || global->tag != tag_sequence) return m;
  ber_cursor global_data = in.inside(*global);
  if (!read_snmp_integer(global_data, m.id, m.odd)) return m;
  m.numbered = true;
  if (!read_global(global_data, m)) return m;
  bytes parameters;
  m.known = read_octets(in, parameters) && read_security(parameters, message.data(), m) && read_payload(in, message, m);
  if (m.known && !in.done() && !outer->endless) m.odd |= snmp_oddity::trailing;
  return m;
}

snmp3_scoped read_snmp3_scoped(bytes scoped) {
  snmp3_scoped s;
  ber_cursor in(scoped);
  if (!read_octets(in, s.context_engine) || !read_octets(in, s.context)) return s;
  const std::size_t begin = in.at();
  const auto pdu = in.head();
  if (!pdu || (pdu->tag & pdu_mask) != tag_pdu) return s;
  s.pdu = pdu->tag;
  if (s.pdu != snmp_report && s.pdu != 0xa2) s.odd |= snmp_oddity::pdu;
  if (pdu->endless) s.odd |= snmp_oddity::endless;
  if (pdu->length > in.left()) s.odd |= snmp_oddity::unreadable;
  ber_cursor body = in.inside(*pdu);
  s.pdu_bytes = scoped.subspan(begin, in.at() - begin);
  if (!in.done()) s.odd |= snmp_oddity::trailing;
  if (!read_snmp_integer(body, s.request_id, s.odd)) return s;
  s.rest = scoped.subspan(body.at(), body.left());
  s.known = true;
  if (s.pdu == snmp_report) s.report = report_of(s.rest);
  return s;
}

std::optional<bytes> inside_snmp3_scoped(bytes uncovered) {
  ber_cursor in(uncovered);
  const auto h = in.head();
  if (!h || h->tag != tag_sequence || h->endless || h->length > in.left()) return std::nullopt;
  return uncovered.subspan(in.at(), h->length);
}

std::optional<snmp3_layout> write_snmp3_message(const snmp3_draft& d, std::span<std::uint8_t> out) {
  constexpr std::size_t longest = 0xffff;
  const measures m(d);
  if (d.engine.size() > snmp3_longest_engine || d.user.size() > snmp3_longest_user || m.whole > longest ||
      writer::size(m.whole) > out.size())
    return std::nullopt;
  const bool is_private = (d.flags & snmp3_private) != 0;
  snmp3_layout at;
  writer w(out);
  w.head(tag_sequence, m.whole);
  w.number(static_cast<std::uint32_t>(snmp3_version));
  w.head(tag_sequence, m.global);
  w.number(d.id);
  w.number(d.max_size);
  w.octets(bytes(&d.flags, 1));
  w.number(static_cast<std::uint32_t>(snmp3_user_based));
  w.head(tag_octets, writer::size(m.security));
  w.head(tag_sequence, m.security);
  w.octets(d.engine);
  w.number(d.boots);
  w.number(d.time);
  w.octets(bytes_of(d.user));
  at.mac_offset = w.zeros(d.mac_length);
  at.salt_offset = w.zeros(is_private ? snmp3_salt_length : 0);
  if (is_private) w.head(tag_octets, m.hidden);
  at.hidden_offset = w.at();
  at.hidden_length = m.hidden;
  w.head(tag_sequence, m.scoped);
  w.octets(context_engine_of(d));
  w.octets(bytes_of(d.context));
  w.raw(d.pdu);
  if (is_private) w.fill(at.hidden_offset + m.hidden - w.at());
  at.length = w.at();
  return at;
}

bytes pdu_of_community_message(bytes message) {
  ber_cursor all(message);
  const auto outer = all.head();
  if (!outer || outer->tag != tag_sequence) return {};
  ber_cursor in = all.inside(*outer);
  if (!in.primitive() || !in.primitive()) return {};
  const std::size_t at = in.at();
  const auto pdu = in.any();
  if (!pdu || (pdu->tag & pdu_mask) != tag_pdu) return {};
  return message.subspan(at, in.at() - at);
}

}  // namespace changtong::wire
