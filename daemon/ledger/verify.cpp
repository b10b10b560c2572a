#include "daemon/ledger/verify.h"

#include <fmt/format.h>

#include <algorithm>

#include "daemon/core/civil.h"
#include "daemon/core/phrase.h"
#include "daemon/host/plain_file.h"
#include "daemon/ledger/chain_walk.h"
#include "daemon/ledger/ledger_files.h"
#include "daemon/ledger/plain_tables.h"
#include "daemon/ledger/reader.h"
#include "daemon/ledger/sealer.h"
#include "daemon/ledger/set_aside.h"
#include "daemon/ledger/state_row.h"
#include "daemon/ledger/store.h"
#include "daemon/ledger/table_check.h"

namespace changtong::ledger {
namespace {

using progress_fn = std::function<bool(std::int64_t, std::int64_t)>;

/** What the database says beside the journal, all of one instant. */
struct rows_of_seals {
  std::vector<std::string> lines;
  std::size_t misnumbered = 0;  ///< the first row (from 1) whose number is not its place; 0 = none
  wall_t heartbeat{}, first_entry{};
  std::optional<std::string> state;  ///< the state row's signed line
  std::string zone = "Asia/Shanghai";
};

rows_of_seals read_rows(store& s) {
  rows_of_seals out;
  if (s.number("SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'seals'") > 0) {
    statement& row = s.prepared("SELECT number, line FROM seals ORDER BY number");
    for (row.rows(); row.step();) {
      out.lines.emplace_back(row.text(1).substr(0, most_seal_bytes + 1));
      if (out.misnumbered == 0 && row.integer(0) != static_cast<std::int64_t>(out.lines.size()))
        out.misnumbered = out.lines.size();
    }
    row.reset();
  }
  statement& head = s.prepared("SELECT (SELECT heartbeat FROM head), (SELECT at FROM journal WHERE seq = 1)");
  if (head.rows().step()) out.heartbeat = head.instant(0), out.first_entry = head.instant(1);
  head.reset();
  out.state = stored_state_line(s);
  return out;
}

/** The file beside the ledger, and what was wrong with reading it. */
struct file_of_seals {
  std::string path, text;
  phrase wrong{};
};

class verifier {
 public:
  verifier(const std::string& ledger, const verify_options& o)
      : ledger_(ledger), store_(ledger, store::mode::read), trust_{.keys = {}, .fingerprints = o.fingerprints} {
    file_.path = o.seals_file.empty() ? seals_file_of(ledger) : o.seals_file;
    keys_path_ = o.public_file.empty() ? public_file_of(ledger) : o.public_file;
    chain_.good = [this](std::int64_t seq, std::string_view kind, wall_t at, std::string_view body) {
      tables_.fold(seq, kind, at, body);
      branches_.step(seq, kind, body, chain_.hash);
    };
  }

  proof run(const progress_fn& progress) {
    if (!walk(progress)) return stopped();
    out_.entries = chain_.seq;
    name_branches();
    if (chain_.bad == 0) tell_of_backups();
    if (chain_.bad != 0) {
      out_.first_bad = chain_.bad;
      out_.text = chain_.text;
    } else if (const bool proven = pages_are_whole() && keys_are_there() && rows_are_good() &&
                                   heartbeat_is_late_enough() && file_agrees() && days_are_sealed() &&
                                   branches_follow() && state_is_signed() && format_is_true() && computes_nothing() &&
                                   backups_are_known();
               tables_agree() && proven) {
      praise();
    }
    return std::move(out_);
  }

 private:
  bool walk(const progress_fn& progress);
  void read_the_rest();
  proof stopped() const;
  bool no(std::string text);
  bool no(const phrase& words) { return no(to_string(words)); }
  bool good_but_for(const phrase& why) { return why.empty() || no(why); }
  bool pages_are_whole();
  bool keys_are_there();
  bool rows_are_good();
  bool heartbeat_is_late_enough();
  void keep(const std::vector<seal>& good);
  bool file_agrees();
  bool lines_agree(const std::vector<std::string>& lines);
  bool days_are_sealed();
  bool branches_follow();
  [[nodiscard]] civil_zone zone_of_books() const;
  void name_branches();
  void tell_of_backups();
  bool backups_are_known();
  bool state_is_signed();
  bool computes_nothing();
  bool format_is_true();
  bool tables_agree();
  void praise();
  [[nodiscard]] bool older() const;
  [[nodiscard]] bool signed_once() const;
  void name_key_of_state();
  [[nodiscard]] seals_proof judge(std::span<const std::string> lines);

  std::string ledger_;
  store store_;
  seal_trust trust_;
  std::vector<public_key> keys_;
  std::string keys_path_;
  file_of_seals file_;
  chain_walk chain_;
  branch_walk branches_;
  table_check tables_;
  table_differences differences_;
  rows_of_seals rows_;
  std::int64_t sealed_seq_ = 0;  ///< the last entry that a good seal covers
  phrase state_wrong_;
  std::vector<file_aside> aside_;
  proof out_;
};

/** False if progress said stop. */
bool verifier::walk(const progress_fn& progress) {
  try {
    const std::int64_t total = store_.number("SELECT coalesce(max(seq), 0) FROM journal");
    while (chain_.some(store_))
      if (progress && !progress(chain_.seq, std::max(total, chain_.seq))) return false;
    if (chain_.bad == 0) read_the_rest();
  } catch (...) {
    if (!is_damage()) throw;
    chain_.fail(chain_.seq + 1,
                fmt::format("第 {} 条读不出来，文件已损坏 / entry {} cannot be read, the file is damaged",
                            chain_.seq + 1, chain_.seq + 1));
  }
  return true;
}

/** A daemon may be writing: the file first (it only ever has lines that are rows already), then journal's end, state
 * row and seals in one transaction. */
void verifier::read_the_rest() {
  if (auto text = host::read_plain_file(file_.path, most_seals_file_bytes))
    file_.text = std::move(*text);
  else
    file_.wrong = words_of(text.error());
  const transaction one_state(store_, "BEGIN");
  while (chain_.some(store_)) {
  }
  if (chain_.bad != 0) return;
  chain_.tail(store_);
  rows_ = read_rows(store_);
  if (rows_.state)  // keys that cannot be read are told by keys_are_there()
    if (const auto wrong = state_contradiction(store_, *rows_.state, keys_path_, trust_.fingerprints))
      state_wrong_ = *wrong, out_.state = wrong->empty() ? "signed" : "wrong";
  if (const std::string zone = tables_.zone(); !zone.empty()) rows_.zone = zone;
  if (chain_.bad != 0 || tables_.bad() != 0) return;
  try {
    differences_ = tables_.compare(store_);
  } catch (...) {
    if (!is_damage()) throw;  // pages_are_whole() says it
  }
}

proof verifier::stopped() const {
  proof p;
  p.entries = chain_.seq;
  p.text = "校验被中止 / stopped";
  return p;
}

bool verifier::no(std::string text) {
  out_.text = std::move(text);
  return false;
}

/** A damaged page of the journal ends the walk; of the other tables only this says so, and of indexes that lack rows.
 */
bool verifier::pages_are_whole() {
  std::string said;
  try {
    statement& row = store_.prepared("PRAGMA integrity_check(1)");
    if (row.rows().step()) said = std::string(row.text(0));
    row.reset();
  } catch (...) {
    if (!is_damage()) throw;
  }
  return said == "ok" ||
         no(fmt::format(
             "哈希链完整，但账本文件有损坏的页，请停止服务并从备份恢复 / the chain of {} entries is whole, but "
             "pages of the file are damaged: stop and restore a backup ({})",
             out_.entries, said));
}

bool verifier::keys_are_there() {
  if (rows_.lines.empty() && file_.text.empty() && !rows_.state) return true;
  const auto pem = host::read_plain_file(keys_path_, 64 << 10);
  auto keys = pem ? read_public_keys(*pem) : result<std::vector<public_key>>(pem.error());
  if (!keys)
    return no(both("封存的公钥 {} 读不出来，无法核验签名：{}；可用 --key 指定",
                   "the public key of the seals, {}, cannot be read: {}; name it with --key", keys_path_,
                   words_of(keys.error())));
  keys_ = std::move(*keys);
  trust_.keys = keys_;
  return true;
}

seals_proof verifier::judge(std::span<const std::string> lines) {
  return check_seals(lines, trust_, [this](std::int64_t seq) {
    return seq <= chain_.seq ? hash_of_entry(store_, seq) : std::nullopt;
  });
}

bool verifier::rows_are_good() {
  const seals_proof v = judge(rows_.lines);
  keep(v.good);
  out_.bad_seal = v.line;
  out_.bad_day = v.day;
  out_.first_bad = v.entry;
  if (v.line != 0) return no(v.text);
  if (!v.good.empty() && v.good.back().made > rows_.heartbeat)
    return no("状态行的心跳早于最后一次封存 / the state row's heartbeat is earlier than the last seal");
  out_.bad_seal = rows_.misnumbered;
  if (rows_.misnumbered != 0)
    return no(fmt::format("封存第 {} 行的编号被改动过 / the number of seal row {} was changed", rows_.misnumbered,
                          rows_.misnumbered));
  return true;
}

bool verifier::heartbeat_is_late_enough() {
  if (!state_wrong_.empty()) return true;  // state_is_signed() knows what was changed
  const auto against = tables_.spoken().against(rows_.heartbeat);
  if (!against) return true;
  if (is_copy(store_)) {
    out_.remarks.emplace_back("副本还没送齐，只到心跳为止作数 / the copy is behind: it counts up to its heartbeat");
    return true;
  }
  out_.first_bad = against->seq;
  return no(against->text);
}

void verifier::keep(const std::vector<seal>& good) {
  out_.seals = static_cast<std::int64_t>(good.size());
  for (const seal& s : good) {
    if (out_.keys.empty() || out_.keys.back().fingerprint != s.key) out_.keys.push_back({s.key, s.day});
    out_.sealed_to = s.when.to;
    sealed_seq_ = s.seq;
    out_.zone = s.zone;
  }
}

bool verifier::file_agrees() {
  if (!file_.wrong.empty())
    return rows_.lines.empty() || no(both("封存文件 {} 读不出来，而账本里有 {} 天封存：{}",
                                          "the file of seals {} cannot be read, but the ledger has {} seals: {}",
                                          file_.path, rows_.lines.size(), file_.wrong));
  auto lines = lines_in(file_.text);
  if (!file_.text.empty() && file_.text.back() != '\n' && lines.size() <= rows_.lines.size() &&
      rows_.lines[lines.size() - 1].starts_with(lines.back()))
    lines.pop_back();  // a crash in the middle of appending
  if (!lines_agree(lines)) return false;
  if (lines.size() < rows_.lines.size())
    out_.remarks.push_back(fmt::format(
        "封存文件比账本少 {} 行，下次启动时补上 / the file of seals lacks the last {} lines: they are added "
        "at the next start",
        rows_.lines.size() - lines.size(), rows_.lines.size() - lines.size()));
  return true;
}

/** Every row is good by now; what is in question are the lines of the file. */
bool verifier::lines_agree(const std::vector<std::string>& lines) {
  const std::size_t common = std::min(lines.size(), rows_.lines.size());
  const auto differs =
      std::mismatch(lines.begin(), lines.begin() + static_cast<std::ptrdiff_t>(common), rows_.lines.begin());
  const auto line = static_cast<std::size_t>(differs.first - lines.begin()) + 1;
  if (line > lines.size()) return true;
  const seals_proof v = judge(lines);
  out_.bad_seal = v.line != 0 ? v.line : line;
  out_.bad_day = v.line != 0 ? v.day : v.good[line - 1].day;
  out_.first_bad = v.entry;
  const bool lacking = line > rows_.lines.size();
  const phrase cut =
      lacking && !rows_.state && !older() ? both("；{}", "; {}", words_of_doubt(unsigned_state(false))) : phrase{};
  if (v.line != 0) return no(both("封存文件 {}：{}{}", "the file of seals {}: {}{}", file_.path, v.text, cut));
  if (lacking)
    return no(both("账本里缺少 {} 的封存（文件 {} 第 {} 行）{}", "the ledger lacks the seal of {}, in {}, line {}{}",
                   out_.bad_day, file_.path, line, cut));
  return no(
      fmt::format("{} 被封存过两次：文件 {} 第 {} 行与账本不同，两者签名都有效 / the day was sealed twice: line {} "
                  "differs from the ledger, and both signatures are valid",
                  out_.bad_day, file_.path, line, line));
}

/** No day that ended more than an hour before the heartbeat may be without a seal. */
bool verifier::days_are_sealed() {
  if (chain_.seq == 0) return true;
  const auto zone = civil_zone::named(rows_.zone);
  if (!zone) return no(fmt::format("账本的时区 {} 无法识别 / unknown time zone", rows_.zone));
  const auto day_of = [&](wall_t at) { return zone->around(at, civil_zone::unit::day); };
  const wall_t next = out_.seals > 0 ? out_.sealed_to : day_of(rows_.first_entry).from;
  if (!due(day_of(next).to, rows_.heartbeat, wall_min)) return true;
  out_.bad_day = zone->key(next, civil_zone::unit::day);
  return no(fmt::format("{} 已过而未封存 / the day has passed and is not sealed", out_.bad_day));
}

/** After the seals: where one was broken as well, it says more. */
bool verifier::branches_follow() {
  if (branches_.bad() == 0) return true;
  out_.first_bad = branches_.bad();
  return no(branches_.problem());
}

/** Of what is told; days_are_sealed() says it where the zone has no meaning. */
civil_zone verifier::zone_of_books() const {
  auto zone = civil_zone::named(rows_.zone);
  if (!zone) zone = civil_zone::named("UTC");
  return std::move(*zone);
}

void verifier::name_branches() {
  const civil_zone zone = zone_of_books();
  for (const branch_seen& b : branches_.all()) out_.branches.push_back({b, zone.format(b.at)});
}

/** 0.3.0 signed no state row. A file that only says so of itself has starts that know better. */
bool verifier::older() const {
  return store_.format() < 4 &&
         std::ranges::none_of(branches_.all(), [](const branch_seen& b) { return !b.branch.empty(); });
}

void verifier::tell_of_backups() {
  aside_ = files_aside(ledger_, rows_.lines);
  for (const file_aside& f : aside_) out_.set_aside.push_back(remark_on(f));
  for (const phrase& p : out_.set_aside) out_.remarks.push_back(to_string(p));
  const civil_zone zone = zone_of_books();
  std::ranges::move(told_by_starts(branches_.all(), [&](wall_t at) { return zone.format(at); }),
                    std::back_inserter(out_.remarks));
}

bool verifier::backups_are_known() {
  return older() || good_but_for(why_not_excused(aside_, rows_.state.has_value(), branches_.all()));
}

bool verifier::state_is_signed() {
  if (!state_wrong_.empty()) return no(state_wrong_);
  if (rows_.state) name_key_of_state();
  if (rows_.state || chain_.seq == 0) return true;
  const phrase lacks = unsigned_state(out_.seals > 0);
  out_.remarks.push_back(to_string(lacks));
  if (out_.seals == 0)
    return good_but_for(why_nothing_is_proven(branches_.all(), keys_path_, !trust_.fingerprints.empty()));
  if (older()) return true;
  if (signed_once())
    return no(both(
        "{}；封存它的运行也签了状态行，此后签名被去掉，或密钥读不到（日志里写明）：心跳与当日账目无法证明",
        "{}; the run that sealed it signed the row as well: since then the signature was taken away, or the key could "
        "not be had, which the log says; heartbeat and entries of the open day are not proven",
        lacks));
  return trust_.fingerprints.empty() || no(lacks);
}

/** No failure: a key that was replaced today has sealed nothing yet. */
void verifier::name_key_of_state() {
  const auto said = read_state_line(*rows_.state);
  if (!said || out_.keys.empty() || out_.keys.back().fingerprint == said->key) return;
  out_.remarks.push_back(fmt::format(
      "状态行由另一把密钥签名，指纹 {}，它还没有封存过；请确认是本单位更换的 / the state row is signed with "
      "another key than the last seal: make sure that it was you who replaced it",
      short_form(said->key)));
}

/** A run of format 4 signs the row with the key of its seals, in the same commit: one of these covers its start. */
bool verifier::signed_once() const {
  return std::ranges::any_of(branches_.all(),
                             [&](const branch_seen& b) { return !b.branch.empty() && b.seq <= sealed_seq_; });
}

/** As format 3 a file is read, and its tables compared, without the columns that came with format 4. */
bool verifier::format_is_true() {
  return store_.format() >= 4 || older() ||
         no("账本的格式标记被改成旧版，而账目里有新版的启动 / the file says that it is of format 3, but a start in its "
            "journal is of format 4: the mark was changed, and tables are read without their newer columns");
}

/** Whatever reads the ledger refuses it, and whoever writes it obeys its triggers. */
bool verifier::computes_nothing() { return good_but_for(what_computes(store_, ledger_)); }

/** Told beside whatever else is wrong: who changed a row may have left the chain alone. */
bool verifier::tables_agree() {
  if (tables_.bad() == 0 && differences_.count == 0) return true;
  if (!out_.text.empty()) out_.text += '\n';
  if (tables_.bad() != 0) {
    if (out_.first_bad == 0) out_.first_bad = tables_.bad();
    return no(out_.text +
              to_string(both("第 {} 条读不懂，无法核对由账目推算的表：{}",
                             "entry {} cannot be understood, so the tables made from the journal cannot be checked: {}",
                             tables_.bad(), tables_.problem())));
  }
  out_.differences = std::move(differences_.first);
  out_.different = differences_.count;
  out_.text += fmt::format(
      "由账目推算的表有 {} 处与账目不符，报表不可信；账目本身可用 ledger rebuild 重建这些表 / {} rows of the tables "
      "made from the journal are not what it says, so reports are wrong: `ledger rebuild` makes them anew",
      out_.different, out_.different);
  for (const std::string& d : out_.differences) out_.text += "\n  " + d;
  return false;
}

void verifier::praise() {
  out_.ok = true;
  out_.text = fmt::format(
      "{} 条记录，哈希链完整；由账目推算的表与账目一致 / {} entries, the hash chain is whole; the tables made from "
      "them agree",
      out_.entries, out_.entries);
  if (out_.keys.empty()) {
    out_.remarks.emplace_back("还没有过完的一天，尚无封存 / no day is over yet: nothing is sealed");
    return;
  }
  const auto zone = civil_zone::named(out_.zone);
  out_.text +=
      fmt::format("\n{} 天已封存，至 {}；签名有效，与封存文件一致 / {} days are sealed; the signatures are good",
                  out_.seals, zone ? zone->format(out_.sealed_to) : out_.zone, out_.seals);
  for (const key_since& k : out_.keys)
    out_.text += fmt::format("\n密钥指纹 / key: {}（自 {} / since {}）", short_form(k.fingerprint), k.day, k.day);
  if (out_.keys.size() > 1)
    out_.remarks.emplace_back("封存密钥更换过，请确认是本单位所为 / the key was replaced: make sure that it was you");
  if (trust_.fingerprints.empty())
    out_.remarks.emplace_back(
        "未给出指纹：内容一致，但未证明出自本单位；请与报告上印的指纹核对 / no fingerprint was given: consistent, "
        "origin not proven; compare with the one printed on the reports");
}

}  // namespace

result<proof> prove(const std::string& ledger, const verify_options& options, const progress_fn& progress) {
  return guarded([&] { return verifier(ledger, options).run(progress); });
}

}  // namespace changtong::ledger
