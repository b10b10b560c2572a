#include "daemon/ledger/sealer.h"

#include <fmt/format.h>

#include <algorithm>

#include "daemon/core/log.h"
#include "daemon/core/phrase.h"
#include "daemon/host/plain_file.h"
#include "daemon/ledger/chain_walk.h"
#include "daemon/ledger/ledger_files.h"
#include "daemon/ledger/schema.h"
#include "daemon/ledger/set_aside.h"

namespace changtong::ledger {
namespace {

constexpr int most_days_at_once = 400;  // a clock gone mad must not hold up a commit; the rest comes with the next ones
constexpr auto patience = std::chrono::minutes{1};

}  // namespace

sealer::sealer(store& s, std::string ledger, seal_options options)
    : store_(s), ledger_(std::move(ledger)), options_(std::move(options)), older_(s.format() < 4) {
  if (options_.key_file.empty()) options_.key_file = key_file_of(ledger_);
  store_.execute(seal_schema);
  if (!store_.prepare("SELECT signature FROM head")) store_.execute("ALTER TABLE head ADD COLUMN signature TEXT");
  if (!options_.sealing) {
    load();
    return;
  }
  if (const auto got = get_key(); !got) trouble(words_of(got.error()), wall_min);
  load();
  had_ = number_ > 0;
}

result<void> sealer::get_key() {
  if (!host::plain_file_exists(options_.key_file)) {
    auto made = signing_key::make(options_.kind);
    const auto saved = made ? made->save(options_.key_file) : result<void>(made.error());
    if (!saved) return saved.error();
    log::info("已生成封存密钥 {}，指纹 {} / made a new key for seals", options_.key_file,
              short_form(made->half().fingerprint()));
  }
  auto read = signing_key::load(options_.key_file);
  if (!read) return read.error();
  key_ = std::move(*read);
  if (key_->half().kind() != options_.kind)
    log::warn(
        "封存密钥 {} 的算法是 {}，与配置不同；要换算法请移走该文件 / the key's algorithm is not the configured one: "
        "move the file away to get a new key",
        options_.key_file, name_of(key_->half().kind()));
  publish_key();
  return {};
}

/** Old keys stay in the file: the days that they signed must remain verifiable. */
void sealer::publish_key() {
  const std::string path = public_file_of(ledger_);
  const std::string pem = key_->half().pem();
  if (host::plain_file_exists(path)) {
    const auto text = host::read_plain_file(path, 64 << 10);
    if (text && text->find(pem) != std::string::npos) return;
    log::warn("封存密钥已更换，新指纹 {} / the key of seals is another one than before",
              short_form(key_->half().fingerprint()));
  }
  if (const auto done = host::append_plain_file(path, pem, 0644); !done)
    trouble(both("公钥文件 {} 写不了：{}", "the file of public keys {} cannot be written: {}", path,
                 words_of(done.error())),
            wall_min);
}

void sealer::load() {
  status_.count = number_ = covered_ = 0;
  status_.until = made_ = wall_min;
  last_ = {};
  last_key_.clear();
  statement& row = store_.prepared("SELECT number, line FROM seals ORDER BY number DESC LIMIT 1");
  if (row.rows().step()) {
    status_.count = number_ = row.integer(0);
    last_ = digest_of(row.text(1));
    if (const auto s = read_seal(row.text(1)))
      status_.until = s->when.to, covered_ = s->seq, made_ = s->made, last_key_ = std::string(bytes_of(s->key));
  }
  row.reset();
  zone_.reset();
  next_.reset();
}

/** From where the last seal ended, or from the midnight before the first entry, to the end of that civil day. */
std::optional<period> sealer::next_day() {
  if (next_) return next_;
  if (!zone_) {
    statement& policy = store_.prepared("SELECT zone FROM policies ORDER BY seq DESC LIMIT 1");
    auto named = civil_zone::named(policy.rows().step() ? policy.text(0) : "Asia/Shanghai");
    policy.reset();
    if (!named) named = civil_zone::named("Asia/Shanghai");
    zone_ = std::move(*named);
  }
  wall_t from = status_.until;
  if (number_ == 0) {
    statement& first = store_.prepared("SELECT at FROM journal WHERE seq = 1");
    const bool any = first.rows().step();
    if (any) from = zone_->around(first.instant(0), civil_zone::unit::day).from;
    first.reset();
    if (!any) return std::nullopt;
  }
  next_ = period{from, zone_->around(from, civil_zone::unit::day).to};
  return next_;
}

void sealer::seal_days(wall_t heartbeat, wall_t decided, std::int64_t seq, const digest& hash) {
  if (!options_.sealing || refuses_ || seq == 0 || waits(heartbeat)) return;
  for (int n = 0; n < most_days_at_once; ++n) {
    const auto day = next_day();
    if (!day || !due(day->to, heartbeat, decided) || !add(*day, heartbeat, seq, hash)) return;
  }
}

bool sealer::behind(wall_t heartbeat) {
  if (!options_.sealing || refuses_ || waits(heartbeat)) return false;
  const auto day = next_day();
  return day && due(day->to, heartbeat, wall_min);
}

bool sealer::add(period day, wall_t heartbeat, std::int64_t seq, const digest& hash) {
  seal s{.number = number_ + 1,
         .day = zone_->key(day.from, civil_zone::unit::day),
         .when = day,
         .zone = zone_->name(),
         .made = heartbeat,
         .seq = seq,
         .hash = hash,
         .previous = last_,
         .signature = {}};
  auto done = key_ ? result<void>() : get_key();
  if (done) done = sign(s, *key_);
  if (!done) {
    trouble(both("{} 未能封存：{}", "{} could not be sealed: {}", s.day, words_of(done.error())), heartbeat);
    return false;
  }
  const std::string line = line_of(s);
  store_.prepared("INSERT INTO seals(number, line) VALUES(?, ?)").run(s.number, line);
  status_.count = number_ = s.number;
  status_.until = day.to;
  last_ = digest_of(line);
  next_.reset();
  file_behind_ = true;
  status_.trouble.clear();
  return true;
}

std::optional<std::string> sealer::sign_state(state_line s) {
  if (refuses_ || (!key_ && waits(s.heartbeat))) return std::nullopt;
  if (!key_) {
    const std::string before = status_.trouble;
    if (const auto got = get_key(); !got) {
      trouble(words_of(got.error()), s.heartbeat);
      return std::nullopt;
    }
    if (status_.trouble == before) status_.trouble.clear();
  }
  s.by = key_->half().kind();
  s.key = key_->half().fingerprint();
  auto signature = key_->sign(signed_text(s));
  if (!signature) {
    trouble(words_of(signature.error()), s.heartbeat);
    return std::nullopt;
  }
  s.signature = std::move(*signature);
  return line_of(s);
}

/** A person's entry tells nothing: its journal has no start that could, and the next run finds the same. */
void sealer::look_around(wall_t heartbeat, std::int64_t seq) {
  if (!options_.sealing) return;
  looking_ = true;
  tell_of_files_aside(heartbeat, seq);
  set_newer_file_aside(heartbeat, seq);
  check_state();
  check_entries(heartbeat);
  file_lines(heartbeat);
  looking_ = false;
}

void sealer::found(const std::string& words) { status_.found += (status_.found.empty() ? "" : "；") + words; }

/** Whatever no seal covers yet: older runs, which looked at labels alone, may have signed over it. */
void sealer::check_entries(wall_t heartbeat) {
  const tail_of_journal tail = tail_after(store_, covered_);
  if (heartbeat < made_)
    trouble({"状态行的心跳早于最后一次封存", "the state row's heartbeat is earlier than the last seal"}, wall_min);
  else if (const auto against = tail.spoken.against(heartbeat))
    trouble(against->text, wall_min);
  if (tail.unreadable.empty()) return;
  refuses_ = true;
  trouble(both("{}；本次运行不签名、不封存，请查明原因", "{}; this run signs and seals nothing: find out why",
               tail.unreadable),
          wall_min);
}

void sealer::check_state() {
  const auto line = stored_state_line(store_);
  if (!line) {  // a ledger of 0.3.0 has neither a branch nor a signature
    if (some_branch(store_))
      trouble(both("{}；此前的运行都签名，请查明原因", "{}; the runs before signed it: find out why",
                   unsigned_state(number_ > 0)),
              wall_min);
    return;
  }
  const auto wrong = state_contradiction(store_, *line, public_file_of(ledger_),
                                         key_ ? signers_of_state(store_, *key_) : std::vector<std::string>{});
  if (wrong && !wrong->empty())
    trouble(both("{}；本次运行将重新签名，请查明原因", "{}; this run signs it anew: find out why", *wrong), wall_min);
}

std::string sealer::all_lines() {
  std::string all;
  statement& row = store_.prepared("SELECT line FROM seals ORDER BY number");
  for (row.rows(); row.step();) (all += row.text(0)) += '\n';
  row.reset();
  return all;
}

/** A backup is a whole ledger: its state row was signed by the key of then. Whoever cut a ledger could not sign. */
phrase sealer::doubt_of_backup(const seal& first_later) {
  if (older_ && !some_branch(store_)) return {};
  // The commit after a doubt signs what was found, with the heartbeat of then.
  if (some_start(store_, covered_, [](const started& one) { return tells_of_doubt(one.text); }))
    return {"上次打开时已存疑", "it was doubted when it was opened before"};
  const auto line = stored_state_line(store_);
  if (!line) return unsigned_state(false);
  std::vector<std::string> keys{std::string(bytes_of(first_later.key))};
  if (!last_key_.empty()) keys.push_back(last_key_);
  if (key_) keys.emplace_back(bytes_of(key_->half().fingerprint()));
  const auto wrong = state_contradiction(store_, *line, public_file_of(ledger_), keys);
  return wrong ? *wrong : words_of(wrong.error());
}

sealer::later_file sealer::later_in(const std::string& path, wall_t heartbeat, std::int64_t seq) {
  const auto there = host::read_plain_file(path, most_seals_file_bytes);
  if (!there || !there->starts_with(all_lines())) return {};
  auto lines = lines_in(*there);
  if (!lines.empty() && there->back() != '\n') lines.pop_back();  // a crash in the middle of appending
  const auto pem = host::read_plain_file(public_file_of(ledger_), 64 << 10);
  const auto keys = pem ? read_public_keys(*pem) : result<std::vector<public_key>>(pem.error());
  if (!keys) return {};
  // What people entered by hand since the backup was put back is not part of it.
  const auto line = stored_state_line(store_);
  const auto then = line ? read_state_line(*line) : std::nullopt;
  const std::int64_t end = then ? std::min(then->seq, seq) : seq;
  later_file out;
  out.seals = later_seals(lines, *keys,
                          {.seals = number_, .seq = end, .heartbeat = heartbeat, .hash_at = [this](std::int64_t n) {
                             return hash_of_entry(store_, n);
                           }});
  if (!out.seals.empty()) out.doubt = doubt_of_backup(out.seals.front());
  return out;
}

/** Set aside, and then a crash before the start that tells of it, or the same backup once more. */
void sealer::tell_of_files_aside(wall_t heartbeat, std::int64_t seq) {
  for (const file_aside& f : files_aside(ledger_, lines_in(all_lines()))) {
    if (some_start(store_, 0, [&](const started& one) { return tells_of_backup(one.text, f.path); })) continue;
    const later_file later = later_in(f.path, heartbeat, seq);
    if (!later.seals.empty() && later.doubt.empty()) found(words_of_backup(f.path, later.seals.front().day));
  }
}

/** Whatever is not surely this ledger's own later file stays where it is: file_lines() then says what is wrong. */
void sealer::set_newer_file_aside(wall_t heartbeat, std::int64_t seq) {
  const std::string path = seals_file_of(ledger_);
  const later_file later = later_in(path, heartbeat, seq);
  if (later.seals.empty()) return;
  if (!later.doubt.empty()) return trouble(words_of_doubt(later.doubt), wall_min);
  const auto moved = set_seals_aside(ledger_, later.seals.back().day, number_);
  if (!moved)
    return trouble(both("封存文件 {} 比账本新，却移不开：{}",
                        "the file of seals {} is newer than the ledger and cannot be moved aside: {}", path,
                        words_of(moved.error())),
                   wall_min);
  had_ = false;
  const std::string words = words_of_backup(*moved, later.seals.front().day);
  found(words);
  log::warn("{}（{}）", words, *moved);
}

void sealer::file_lines(wall_t heartbeat) noexcept try {
  const auto done = guarded([&] {
    bring_file_up(heartbeat);
    return true;
  });
  if (done) return;
  file_behind_ = true;
  trouble(words_of(done.error()), heartbeat);
} catch (const std::exception&) {  // no memory even to say so
  file_behind_ = true;
  ++status_.failures;
}

/** The file has to be a beginning of what the table says; a crash leaves it so. Anything else is evidence: it is told
 * and left as it is. */
void sealer::bring_file_up(wall_t heartbeat) {
  if (!options_.sealing || !file_behind_ || number_ == 0 || waits(heartbeat)) return;
  const std::string path = seals_file_of(ledger_);
  const std::string all = all_lines();
  std::string there;
  if (host::plain_file_exists(path)) {
    auto read = host::read_plain_file(path, most_seals_file_bytes);
    if (!read)
      return trouble(
          both("封存文件 {} 读不出来：{}", "the file of seals {} cannot be read: {}", path, words_of(read.error())),
          heartbeat);
    there = std::move(*read);
  } else if (had_) {
    trouble(both("封存文件 {} 不见了，已按账本重写；请查明原因",
                 "the file of seals {} is gone and was written anew: find out why", path),
            wall_min);
  }
  file_behind_ = false;
  if (!all.starts_with(there))
    return trouble(
        both("封存文件 {} 与账本不符，不再续写；请保留两者并用 ledger verify 查明",
             "the file of seals {} contradicts the ledger and is left as it is: keep both and run ledger verify", path),
        wall_min);
  const auto done = host::append_plain_file(path, std::string_view(all).substr(there.size()), 0640);
  if (done) {
    had_ = true;
    return;
  }
  file_behind_ = true;
  trouble(both("封存文件 {} 写不了：{}", "the file of seals {} cannot be written: {}", path, words_of(done.error())),
          heartbeat);
}

void sealer::trouble(const phrase& words, wall_t heartbeat) {
  std::string text = to_string(words);
  if (heartbeat != wall_min) try_again_ = heartbeat + patience;
  ++status_.failures;
  if (text != status_.trouble) log::error("{}", text);
  if (looking_) found(text);
  status_.trouble = std::move(text);
}

}  // namespace changtong::ledger
