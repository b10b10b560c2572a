#include "daemon/audit/export.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <system_error>

#include "daemon/audit/contents.h"
#include "daemon/audit/manifest.h"
#include "daemon/audit/seal_check.h"
#include "daemon/audit/zip_file.h"
#include "daemon/core/phrase.h"
#include "daemon/core/system_words.h"
#include "daemon/host/digest.h"
#include "daemon/host/plain_file.h"
#include "daemon/host/scratch.h"
#include "daemon/ledger/journal.h"
#include "daemon/ledger/ledger_files.h"
#include "daemon/report/workbook.h"

namespace changtong::audit {
namespace {

constexpr std::size_t most_key_bytes = 64 << 10;
/** Labels of a running daemon may be ahead of this clock by a step that it has adopted (rule 6). */
constexpr milliseconds adopted_at_once = std::chrono::minutes{5};
const problem stopped = said({"已中止，没有写出文件", "stopped, nothing was written"});

problem system_says(const std::string& path, const phrase& what) {
  return said(both("{} {}：{}", "{} {}: {}", path, what, system_words(errno)));
}

phrase verify_first(const phrase& wrong) {
  return both("{}；请先运行 changtong ledger verify", "{}; run changtong ledger verify first", wrong);
}
phrase not_signed(const phrase& why) { return both("清单未签名：{}", "the manifest is not signed: {}", why); }

/** Names become durable only with their folder. */
result<void> make_durable(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return system_says(path, {"打不开", "cannot be opened"});
  const bool synced = ::fsync(fd) == 0;
  const auto failed = system_says(path, {"写不进磁盘", "cannot be made durable"});
  ::close(fd);
  if (!synced) return failed;
  return {};
}

class exporter {
 public:
  exporter(const export_request& r, const progress_fn& p, host::scratch folder)
      : request_(r), progress_(p), scratch_(std::move(folder)) {}

  result<export_outcome> run() {
    for (const auto step : {&exporter::read_seals, &exporter::extract, &exporter::write_pack})
      if (const auto done = (this->*step)(); !done) return done.error();
    return std::move(out_);
  }

 private:
  result<void> read_seals();
  result<void> extract();
  result<void> take(const ledger::stored_entry& e, std::ofstream& file);
  result<void> write_pack();
  result<void> collect(zip_writer& zip);
  result<void> add(zip_writer& zip, const std::string& name, std::string text);
  result<void> add_workbook(zip_writer& zip, const report::document& figures);
  result<void> add_manifest(zip_writer& zip);
  [[nodiscard]] bool tell(const char* what, double part) const { return !progress_ || progress_(what, part); }

  const export_request& request_;
  const progress_fn& progress_;
  host::scratch scratch_;
  seal_check seals_;
  std::string seals_text_, keys_text_;
  chain_check chain_;
  folding folding_;
  running_digest journal_digest_;
  pack_head head_;
  folded_books books_;
  std::vector<listed_file> listed_;
  export_outcome out_;
};

/** Before the journal's head: every seal that is read here covers entries that will be there. A file without lines says
 * that there are no seals yet. */
result<void> exporter::read_seals() {
  const std::string seals = ledger::seals_file_of(request_.ledger), keys = ledger::public_file_of(request_.ledger);
  if (host::plain_file_exists(seals)) {
    auto text = host::read_plain_file(seals, ledger::most_seals_file_bytes);
    if (!text) return said(both("{} 读不了：{}", "{} cannot be read: {}", seals, words_of(text.error())));
    seals_text_ = text->substr(0, text->rfind('\n') + 1);  // an unfinished line is a crash's
  }
  if (host::plain_file_exists(keys)) {
    auto text = host::read_plain_file(keys, most_key_bytes);
    if (!text) return said(both("{} 读不了：{}", "{} cannot be read: {}", keys, words_of(text.error())));
    keys_text_ = std::move(*text);
  }
  seals_ = seal_check(seals_text_, keys_text_);
  seals_.want(chain_);
  return {};
}

result<void> exporter::extract() {
  auto source = ledger::journal::open(request_.ledger);
  if (!source) return source.error();
  const auto head = (*source)->head();
  if (!head) return head.error();
  if (head->seq == 0)
    return said({"账本还没有账目，无可导出", "the ledger has no entry yet, there is nothing to export"});
  std::ofstream file(scratch_.file("journal"), std::ios::binary);
  for (std::int64_t seq = 0; seq < head->seq;) {
    result<void> good;
    const auto read = (*source)->read(seq, head->seq, [&](const ledger::stored_entry& e) {
      if (good) good = take(e, file);
    });
    if (!read) return read.error();
    if (!good) return said(verify_first(words_of(good.error())));
    if (*read == seq) return said(verify_first({"账目末尾缺失", "the journal's tail is missing"}));
    seq = *read;
    if (!tell("账目 / entries", static_cast<double>(seq) / static_cast<double>(head->seq))) return stopped;
  }
  if (!file.flush())
    return system_says(request_.out, {"旁的临时文件写不了", "has a scratch file beside it that cannot be written"});
  if (chain_.hash() != head->hash)
    return said(verify_first({"账本末条与状态行不符", "the last entry is not the one that was committed"}));
  for (const auto& [what, seq] : folding_.strange())
    return said(both("第 {} 条是本程序不认识的（{}），请用更新的版本导出",
                     "entry {} is unknown to this program ({}): export with a newer version", seq, what));
  if (request_.now + adopted_at_once < head->heartbeat)
    return said({"本机时钟早于账本的心跳，请先校正时钟再导出",
                 "this machine's clock is before the ledger's heartbeat: set the clock, then export"});
  if (const auto against = folding_.spoken().against(head->heartbeat)) return said(verify_first(against->text));
  auto books = folding_.finish(head->heartbeat);
  if (!books) return books.error();
  books_ = std::move(*books);
  head_ = {request_.software, books_.books->zone().name(),
           request_.when,     std::max(request_.now, head->heartbeat),
           head->heartbeat,   head->seq,
           head->hash};
  out_.entries = head->seq;
  return {};
}

result<void> exporter::take(const ledger::stored_entry& e, std::ofstream& file) {
  journal_line l{e.seq, e.at, std::string(e.kind), std::string(e.body), {}};
  if (e.hash.size() == l.hash.size()) std::ranges::copy(e.hash, l.hash.begin());
  if (auto good = chain_.take(l); !good) return good;
  if (auto good = folding_.take(l); !good) return good;
  const std::string text = line_of(l) + "\n";
  journal_digest_.add(text);
  file.write(text.data(), static_cast<std::streamsize>(text.size()));
  return {};
}

result<void> exporter::add(zip_writer& zip, const std::string& name, std::string text) {
  running_digest d;
  d.add(text);
  listed_.push_back(d.finish(name));
  return zip.add_text(name, std::move(text));
}

result<void> exporter::collect(zip_writer& zip) {
  listed_.push_back(journal_digest_.finish(std::string(journal_name)));
  result<void> good = zip.add_file(std::string(journal_name), scratch_.file("journal"));
  const auto more = [&](const std::string& name, std::string text) {
    if (good) good = add(zip, name, std::move(text));
    if (good &&
        !tell("数字 / figures", static_cast<double>(listed_.size()) / static_cast<double>(listed_names().size())))
      good = stopped;
  };
  more(std::string(seals_name), seals_text_);
  more(std::string(key_name), keys_text_);
  more(std::string(head_name), head_text(head_));
  const auto readable = seals_.readable();
  const auto figures = each_content({books_, head_, readable}, more);
  if (good) good = add_workbook(zip, figures);
  if (good) good = add_manifest(zip);
  return good;
}

result<void> exporter::add_workbook(zip_writer& zip, const report::document& figures) {
  const std::string path = scratch_.file("figures.xlsx");
  if (const auto wrote = report::write_workbook(figures, path); !wrote) return wrote;
  std::ifstream file(path, std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(file), {}};
  if (!file) return system_says(path, {"读不回来", "cannot be read back"});
  return add(zip, std::string(workbook_name), std::move(bytes));
}

/** Whoever may read the private key is who seals; others export an unsigned manifest. */
result<void> exporter::add_manifest(zip_writer& zip) {
  const std::string manifest = manifest_text({.files = listed_});
  if (const auto good = zip.add_text(std::string(manifest_name), manifest); !good) return good;
  const std::string path = request_.key.empty() ? ledger::key_file_of(request_.ledger) : request_.key;
  const auto key = ledger::signing_key::load(path);
  const auto signature = key ? key->sign(manifest) : result<std::string>(key.error());
  if (!signature) {
    out_.remarks.push_back(to_string(not_signed(words_of(signature.error()))));
    return {};
  }
  if (!seals_.knows(key->half().fingerprint())) {
    out_.remarks.push_back(
        to_string(not_signed(both("{} 不在公钥文件里", "the key {} is not among the public keys", path))));
    return {};
  }
  out_.is_signed = true;
  out_.fingerprint = host::hex(ledger::bytes_of(key->half().fingerprint()));
  return zip.add_text(std::string(signature_name),
                      signature_text({key->half().kind(), key->half().fingerprint(), *signature}));
}

result<void> exporter::write_pack() {
  const std::string path = scratch_.file("pack.zip");
  auto zip = zip_writer::create(path, ms_of(request_.now) / 1000);
  if (!zip) return zip.error();
  try {
    if (const auto good = collect(*zip); !good) return good;
  } catch (const std::runtime_error& e) {
    return said(words_of(e));
  }
  const auto closed = zip->close([&](double part) { return tell("压缩 / packing", part); });
  if (!closed) return closed;
  if (const auto durable = make_durable(path); !durable) return durable;
  if (::rename(path.c_str(), request_.out.c_str()) != 0)
    return system_says(request_.out, {"写不了", "cannot be written"});
  const auto folder = std::filesystem::path(request_.out).parent_path();
  if (const auto durable = make_durable(folder.empty() ? "." : folder.string()); !durable) return durable;
  const auto proof = seals_.check(chain_, head_.heartbeat, *books_.books);
  out_.seals = proof.good.size();
  if (!proof.good.empty()) out_.fingerprint = host::hex(ledger::bytes_of(proof.good.back().key));
  for (const finding& f : proof.problems) out_.remarks.push_back("核验将不通过 / a verification will fail: " + f.text);
  return {};
}

}  // namespace

result<export_outcome> export_pack(const export_request& request, const progress_fn& progress) {
  if (request.when.empty() || request.when.length() > longest_period)
    return said({"期间应为一刻以上、四十年以内", "the period must not be empty, nor longer than forty years"});
  if (!request.overwrite && host::plain_file_exists(request.out))
    return said(both("{} 已存在；要覆盖请加 --force", "{} is there already: --force overwrites it", request.out));
  auto folder = host::scratch::make(std::filesystem::path(request.out).parent_path());
  if (!folder) return folder.error();
  return exporter(request, progress, std::move(*folder)).run();
}

}  // namespace changtong::audit
