#include "daemon/cli/entry_door.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "daemon/cli/api_answers.h"
#include "daemon/cli/api_client.h"
#include "daemon/cli/ending.h"
#include "daemon/cli/options.h"
#include "daemon/core/command.h"
#include "daemon/core/phrase.h"
#include "daemon/core/utf8.h"
#include "daemon/entries/command_json.h"
#include "daemon/entries/entering.h"
#include "daemon/host/clocks.h"
#include "daemon/ledger/ledger_files.h"
#include "daemon/ledger/reader.h"
#include "daemon/ledger/writer.h"
#include "daemon/observers/joint_books.h"
#include "daemon/settings/entry_files.h"
#include "daemon/settings/names.h"

namespace changtong {
namespace {

// What was entered, in a line.
std::string line_of(const window_record& w, const civil_zone& /*zone*/) {
  return fmt::format("{} {}", w.id, name_of(w.state));
}
std::string line_of(const duty_record& d, const civil_zone& /*zone*/) { return d.day + " " + d.person; }
std::string line_of(const annotation& a, const civil_zone& zone) { return a.target + " " + zone.format_short(a.about); }
std::string line_of(const period_closed& c, const civil_zone& zone) {
  return closing_line(zone.format(c.when.from), zone.format(c.when.to), c.version, c.sheet, c.changes);
}
std::string line_of(const counter_record& c, const civil_zone& zone) {
  return counter_line(c.counter, zone.format(c.about), c.value + c.unit);
}
std::string line_of(const indicator_verdict& v, const civil_zone& /*zone*/) {
  return verdict_line(v.plan, v.indicator, name_of(v.verdict));
}
std::string line_of(const acknowledgement& a, const civil_zone& zone) {
  return acknowledgement_line(a.alert, a.line, zone.format(a.began), a.author);
}
std::string line_of(const ticket_record& t, const civil_zone& /*zone*/) {
  return ticket_line(t.number, name_of(t.step), t.carrier, t.targets);
}
template <class T>
std::string line_of(const T& other, const civil_zone& /*zone*/) {
  if constexpr (requires { other.target; }) return or_entered(other.target);
  return or_entered({});
}

counted told(const entered& e, const civil_zone& zone) {
  counted out;
  for (const record& r : e.records)
    out.lines.push_back(std::visit([&](const auto& one) { return line_of(one, zone); }, r));
  out.lines = once_each(std::move(out.lines));
  for (const notice& n : e.notices) {
    out.notices.push_back(to_string(phrase{n.text, n.text_en}));
    out.known += says_known(n.code);
    if (n.code == "alert_over") say_noted_alone(out);
  }
  return out;
}

counted told(const refused& r) {
  return {.lines = {},
          .notices = {},
          .known = 0,
          .refusal = said(r.text, r.text_en,
                          r.why == refused::reason::unavailable ? problem_class::cannot : problem_class::no),
          .nth = r.nth,
          .dry_run = false};
}

/** Whether the program would make the id of what is entered. */
bool makes_a_number(const command& c) {
  if (const auto* w = std::get_if<window_command>(&c)) return w->id.empty() && w->what == window_command::act::request;
  const auto* t = std::get_if<ticket_command>(&c);
  return t != nullptr && t->number.empty();
}

class ledger_door final : public entry_door {
 public:
  /** `both`: with what people entered on the other node of a pair; null: there is none. */
  ledger_door(std::unique_ptr<ledger::writer> w, std::unique_ptr<ledger::reader> r,
              std::unique_ptr<ledger::reader> both, std::string by)
      : writer_(std::move(w)), reader_(std::move(r)), both_(std::move(both)), by_(std::move(by)) {}

  [[nodiscard]] const civil_zone& zone() const override { return reader_->zone(); }
  [[nodiscard]] counted enter(const std::vector<command>& what, const std::string& via) override {
    const entering made = drafted(what, via);
    if (!made) return told(made.error());
    if (!made->records.empty())
      if (const auto done = writer_->commit({.heartbeat = {}, .records = made->records, .memory = {}}); !done)
        return {.lines = {}, .notices = {}, .refusal = as(problem_class::cannot, done.error())};
    return told(*made, zone());
  }
  [[nodiscard]] counted preview(const std::vector<command>& what, const std::string& via) override {
    const entering made = drafted(what, via);
    return made ? told(*made, zone()) : told(made.error());
  }

 private:
  /** Labelled by the wall clock, but never before what the ledger has. */
  [[nodiscard]] entering drafted(const std::vector<command>& what, const std::string& via) const {
    if (both_ && std::ranges::any_of(what, makes_a_number))
      return refused{.why = refused::reason::invalid,
                     .code = "number_on_a_pair",
                     .text = "两台各自编号，离线登记会与另一台编出同一个号：请写 --id，或用 --api 交给运行中的监测",
                     .text_en =
                         "each node of a pair makes its own numbers, and this file does not know which it is: say "
                         "--id, or enter it by --api"};
    const ledger::reader& books = both_ && !entries::of_one_ledger(what) ? *both_ : *reader_;
    return entries::draft(books, what, {.name = by_, .source = via, .via = std::string(via_file)},
                          std::max(host::wall_now(), reader_->heartbeat()), one_person);
  }

  std::unique_ptr<ledger::writer> writer_;
  std::unique_ptr<ledger::reader> reader_, both_;
  std::string by_;
};

/** A text that is no UTF-8 (of a GBK terminal): JSON cannot carry it, and what stood in its place would be in the
 * journal for ever. */
std::optional<problem> not_utf8(const command& c) {
  std::optional<problem> odd;
  const auto look = [&](std::string_view name, std::string_view text) {
    for (std::string_view rest = text; !odd && !rest.empty(); rest.remove_prefix(utf8_length(rest)))
      if (utf8_length(rest) == 0) {
        odd = said(both("{} 不是 UTF-8，请检查终端的编码", "{} is not UTF-8: check the terminal's encoding", name),
                   problem_class::no);
        return;
      }
  };
  std::visit(
      [&]<class C>(const C& one) {
        each_field<C>([&]<class F>(const F& f) {
          if constexpr (std::is_same_v<typename F::value, std::string>)
            look(f.name, f.of(one));
          else if constexpr (std::is_same_v<typename F::value, std::vector<std::string>>)
            for (const std::string& text : f.of(one)) look(f.name, text);
        });
      },
      c);
  return odd;
}

std::optional<problem> not_utf8(const std::vector<command>& all) {
  for (const command& c : all)
    if (auto odd = not_utf8(c)) return odd;
  return std::nullopt;
}

class api_door final : public entry_door {
 public:
  api_door(api_peer to, civil_zone zone) : to_(std::move(to)), zone_(std::move(zone)) {}

  [[nodiscard]] const civil_zone& zone() const override { return zone_; }
  [[nodiscard]] counted enter(const std::vector<command>& what, const std::string& /*via*/) override {
    if (auto odd = not_utf8(what)) return {.lines = {}, .notices = {}, .refusal = std::move(odd)};
    const auto step = std::get_if<window_command>(&what.front());
    if (step != nullptr && step->what != window_command::act::request) return steps(what);
    const std::string path(std::visit([]<class C>(const C&) { return description<C>::path; }, what.front()));
    std::string entries;
    for (const command& c : what) entries += (entries.empty() ? "" : ",") + api::json_of(c, zone_);
    return post(path, what.size() == 1 ? entries : "{\"entries\":[" + entries + "]}", what.front());
  }
  [[nodiscard]] counted preview(const std::vector<command>& what, const std::string& /*via*/) override {
    counted out;
    out.refusal = not_utf8(what);
    if (out.refusal) return out;
    for (const command& c : what) out.lines.push_back(api::json_of(c, zone_));
    out.notices.emplace_back("只检查了文件，没有询问账本 / only the file was checked, the books were not asked");
    return out;
  }

 private:
  counted steps(const std::vector<command>& what) {
    counted all;
    for (std::size_t i = 0; i < what.size() && !all.refusal; ++i) {
      counted one = post(std::string(description<window_command>::path) + "/" + std::get<window_command>(what[i]).id,
                         api::json_of(what[i], zone_), what[i]);
      std::ranges::move(one.lines, std::back_inserter(all.lines));
      std::ranges::move(one.notices, std::back_inserter(all.notices));
      all.refusal = one.refusal;
    }
    return all;
  }
  counted post(const std::string& path, const std::string& body, const command& kind) {
    const auto answer = api_post(to_, path, body);
    if (answer) return told(*answer, kind);
    return {.lines = {}, .notices = {}, .refusal = as(problem_class::cannot, answer.error())};
  }

  api_peer to_;
  civil_zone zone_;
};

/** Null for a ledger that has no copy of another node's beside it. */
result<std::unique_ptr<ledger::reader>> with_the_other(const std::string& ledger) {
  const std::string copy = ledger::peer_file_of(ledger);
  if (std::error_code failed; !std::filesystem::exists(copy, failed)) return std::unique_ptr<ledger::reader>();
  auto own = ledger::reader::open(ledger);
  if (!own) return own.error();
  return std::unique_ptr<ledger::reader>(std::make_unique<observers::joint_books>(
      std::move(*own), observers::other_node{.open = [copy] { return ledger::reader::open(copy); }, .version = {}},
      std::make_shared<observers::as_seen_here>()));
}

result<std::unique_ptr<entry_door>> open_ledger(const entry_place& place) {
  if (place.by.empty()) return said("--by: 须写明登记人", "who enters it? add --by NAME", problem_class::usage);
  if (const std::string_view own = reserved_name(place.by); !own.empty())
    return said("--by: " + std::string(own) + " 是程序自己的名字，请写登记人姓名",
                "is the program's own name: say who you are", problem_class::usage);
  auto writer = ledger::writer::open(place.ledger, 0, {.sealing = false});
  if (!writer)
    return said(both("{}；监测正在运行时请用 --api URL --token-file FILE",
                     "{}; while the daemon runs, enter through it: --api URL --token-file FILE",
                     placed_words_of(writer.error())));
  auto reader = ledger::reader::open(place.ledger);
  if (!reader) return reader.error();
  auto both = with_the_other(place.ledger);
  if (!both) return both.error();
  return std::unique_ptr<entry_door>(
      std::make_unique<ledger_door>(std::move(*writer), std::move(*reader), std::move(*both), place.by));
}

result<std::unique_ptr<entry_door>> open_api(const entry_place& place) {
  if (place.api.token_file.empty())
    return said("--api 需要 --token-file", "--api needs --token-file FILE", problem_class::usage);
  if (!place.by.empty())
    return said("--by 与 --api 不能同用：令牌就是登记人", "not --by with --api: the token says who",
                problem_class::usage);
  if (const auto url = parse_api_url(place.api.url); !url) return url.error();
  auto zone = civil_zone::named(place.zone);
  if (!zone) return about_option("--zone", zone.error());
  auto to = peer_at(place.api);
  if (!to) return to.error();
  return std::unique_ptr<entry_door>(std::make_unique<api_door>(std::move(*to), std::move(*zone)));
}

}  // namespace

int counted::print() const {
  const std::string_view done = dry_run     ? "将登记 / would enter: "
                                : withdrawn ? "已撤回 / withdrawn: "
                                            : "已登记 / entered: ";
  for (const std::string& line : lines) fmt::print("{}{}\n", done, line);
  for (const std::string& text : notices) fmt::print(stderr, "{}\n", text);
  if (known > 0) fmt::print("已有，跳过 / skipped as known: {}\n", known);
  return refusal ? fail(*refusal) : exit_ok;
}

result<std::unique_ptr<entry_door>> entry_door::open(const entry_place& place) {
  if (place.ledger.empty() == place.api.url.empty())
    return said("--ledger 与 --api 选一个", "give either --ledger DB --by NAME or --api URL --token-file FILE",
                problem_class::usage);
  return place.api.url.empty() ? open_ledger(place) : open_api(place);
}

}  // namespace changtong
