#include "daemon/audit/verify.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <optional>
#include <set>

#include "daemon/audit/back_dated.h"
#include "daemon/audit/compare.h"
#include "daemon/audit/contents.h"
#include "daemon/audit/manifest.h"
#include "daemon/audit/proof_words.h"
#include "daemon/audit/seal_check.h"
#include "daemon/audit/zip_file.h"
#include "daemon/core/phrase.h"
#include "daemon/entries/closing.h"
#include "daemon/host/digest.h"
#include "daemon/host/scratch.h"
#include "daemon/report/workbook.h"

namespace changtong::audit {
namespace {

const problem stopped = said({"核验被中止", "stopped"});
constexpr std::uint64_t most_key_bytes = 64 << 10, most_signature_bytes = 4096;

class verifier {
 public:
  verifier(const verify_request& r, const progress_fn& p, zip_reader zip)
      : request_(r), progress_(p), zip_(std::move(zip)) {}

  result<pack_proof> run() {
    read_seals();
    read_manifest_file();
    read_head_file();
    if (!walk_files() || !walk_journal()) return stopped;
    check_origin();
    if (books_ && head_ && out_.understood) {
      check_closings();
      if (const auto done = check_figures(); !done) return done.error();
    } else {
      out_.remarks.emplace_back("数字没有重算 / the figures were not recomputed");
    }
    out_.ok = out_.problems.empty();
    if (!out_.ok && out_.from == origin::proven) out_.from = origin::not_proven;
    return std::move(out_);
  }

 private:
  void read_manifest_file();
  void read_seals();
  void read_head_file();
  bool walk_files();
  bool walk_journal();
  void take_books(folding& fold);
  void check_end();
  void check_seals();
  void check_signature(const std::string& manifest);
  void check_origin();
  void say_what_is_unknown(const folding& fold);
  [[nodiscard]] bool older() const { return list_.format == older_format; }
  void check_closings();
  result<void> check_figures();
  result<void> check_workbook(const report::document& figures);

  void wrong(std::string_view file, std::string text, std::int64_t entry = 0) {
    out_.problems.push_back({std::string(file), entry, std::move(text)});
  }
  void wrong(std::string_view file, const problem& p, std::int64_t entry = 0) { wrong(file, sentence_of(p), entry); }
  /** A file of the pack; empty, and said, where it is missing or cannot be read. */
  std::string text_of(std::string_view name, std::uint64_t most) {
    const zip_member* m = zip_.find(name);
    if (m == nullptr) return {};  // walk_files() says that it is missing
    auto text = zip_.text(*m, most);
    if (text) return std::move(*text);
    wrong(name, text.error());
    return {};
  }
  [[nodiscard]] bool tell(const char* what, double part) const { return !progress_ || progress_(what, part); }
  [[nodiscard]] bool named(const ledger::digest& key) const {
    return std::ranges::any_of(request_.fingerprints,
                               [&](const std::string& f) { return ledger::bytes_of(key).starts_with(f); });
  }

  const verify_request& request_;
  const progress_fn& progress_;
  zip_reader zip_;
  pack_list list_;
  seal_check seals_;
  chain_check chain_;
  std::optional<pack_head> head_;
  std::optional<folded_books> books_;
  std::vector<ledger::seal> good_;
  std::optional<manifest_signature> signature_;
  std::vector<finding> dated_;  ///< what labels say against seals, worth something once all of these are good
  pack_proof out_;
};

void verifier::read_manifest_file() {
  const std::string text = text_of(manifest_name, most_manifest_bytes);
  if (zip_.find(manifest_name) == nullptr) return wrong(manifest_name, "缺失 / the file is missing");
  auto listed = read_manifest(text);
  if (!listed) return wrong(manifest_name, listed.error());
  list_ = std::move(*listed);
  if (const zip_member* m = zip_.find(signature_name); m != nullptr) {
    const auto read = read_signature(text_of(signature_name, most_signature_bytes));
    if (!read) return wrong(signature_name, read.error());
    signature_ = *read;
    check_signature(text);
  }
}

void verifier::check_signature(const std::string& manifest) {
  const auto key = std::ranges::find_if(seals_.keys(), [&](const ledger::public_key& k) {
    return k.fingerprint() == signature_->key && k.kind() == signature_->by;
  });
  if (key == seals_.keys().end())
    wrong(signature_name, "签名的密钥不在 key.pub 里 / the key that signed is not in key.pub");
  else if (!key->verifies(manifest, signature_->signature))
    wrong(signature_name,
          "签名与清单不符，两者之一被改动过 / the signature is not of this manifest: one of them was changed");
  else
    out_.manifest_signed = true;
}

void verifier::read_seals() {
  seals_ = seal_check(text_of(seals_name, ledger::most_seals_file_bytes), text_of(key_name, most_key_bytes));
  seals_.want(chain_);
}

void verifier::read_head_file() {
  if (zip_.find(head_name) == nullptr) return;
  auto head = read_head(text_of(head_name, most_head_bytes));
  if (head)
    head_ = *head;
  else
    wrong(head_name, head.error());
}

/** Exactly the files of the format, each as the manifest lists it. False: progress said stop. */
bool verifier::walk_files() {
  const std::vector<listed_file>& files = list_.files;
  for (const std::string& name : listed_names(list_.format)) {
    if (zip_.find(name) == nullptr) wrong(name, "缺失 / the file is missing");
    if (!files.empty() && std::ranges::find(files, name, &listed_file::name) == files.end())
      wrong(manifest_name, fmt::format("没有列出 {} / {} is not listed", name, name));
  }
  for (const zip_member& m : zip_.members()) {
    if (m.name == manifest_name || m.name == signature_name) continue;
    if (!std::ranges::binary_search(listed_names(list_.format), m.name) &&
        !std::ranges::binary_search(names_if_any(), m.name)) {
      wrong(m.name, "不该有的文件 / a file too many");
      continue;
    }
    const auto listed = std::ranges::find(files, m.name, &listed_file::name);
    running_digest d;
    bool on = true;
    std::uint64_t done = 0;
    const auto read = zip_.read(m, [&](std::string_view piece) {
      d.add(piece);
      done += piece.size();
      return on = tell("文件 / files", static_cast<double>(done) / static_cast<double>(m.size));
    });
    if (!on) return false;
    const listed_file own = d.finish(m.name);
    if (!read)
      wrong(m.name, read.error());
    else if (listed != files.end() && (listed->size != own.size || listed->sha256 != own.sha256))
      wrong(m.name, "与清单的 SHA-256 不符，内容被改动过 / it was changed: SHA-256 is not the manifest's");
    out_.files.push_back(m.name);
  }
  return true;
}

/** False: progress said stop. After a bad entry nothing that follows from entries is checked. */
bool verifier::walk_journal() {
  const zip_member* m = zip_.find(journal_name);
  if (m == nullptr) return true;
  folding fold;
  back_dated order(seals_.readable());
  line_cutter lines;
  bool on = true, whole = true;
  std::uint64_t done = 0;
  const auto bad = [&](std::string text) {
    wrong(journal_name, std::move(text), chain_.seq() + 1);
    return whole = false;
  };
  const auto read = zip_.read(*m, [&](std::string_view piece) {
    const bool fits = lines.feed(piece, [&](std::string_view line) {
      const auto l = read_line(line);
      if (!l)
        return bad(fmt::format("第 {} 行不是账目，或被改动过 / line {} is no entry, or was changed", chain_.seq() + 1,
                               chain_.seq() + 1));
      if (const auto good = chain_.take(*l); !good) return bad(sentence_of(good.error()));
      if (const auto good = fold.take(*l); !good) {
        wrong(journal_name, good.error(), l->seq);
        return whole = false;
      }
      if (auto why = fold.last() ? order.step(*l, *fold.last()) : std::nullopt;
          why && dated_.size() < most_findings_a_file)
        dated_.push_back({std::string(journal_name), l->seq, std::move(*why)});
      return true;
    });
    if (!fits && whole) bad("一行过长 / a line is too long");
    done += piece.size();
    return whole && (on = tell("账目 / entries", static_cast<double>(done) / static_cast<double>(m->size)));
  });
  if (!on) return false;
  if (!read || (whole && !lines.whole())) bad("末尾不完整 / the end is cut");
  out_.entries = chain_.seq();
  say_what_is_unknown(fold);
  if (fold.branches().bad() != 0) wrong(journal_name, fold.seam(), fold.branches().bad());
  if (whole && head_) take_books(fold);
  return true;
}

void verifier::say_what_is_unknown(const folding& fold) {
  for (const auto& [what, seq] : fold.strange()) wrong(journal_name, unknown_entry(what), seq);
  out_.understood = fold.strange().empty();
  if (!fold.fields().empty()) out_.remarks.push_back(fields_without_meaning(fold.fields()));
}

void verifier::take_books(folding& fold) {
  check_end();
  if (auto against = fold.spoken().against(head_->heartbeat)) wrong(head_name, to_string(against->text), against->seq);
  auto books = fold.finish(head_->heartbeat);
  if (!books) return wrong(journal_name, books.error());
  books_ = std::move(*books);
  out_.rules = books_->rules;
  out_.branches = books_->branches;
  if (auto words = branches_in_words(out_.branches, books_->books->zone()); !words.empty())
    out_.remarks.push_back(std::move(words));
  const civil_zone& zone = books_->books->zone();
  std::ranges::move(ledger::told_by_starts(out_.branches, [&](wall_t at) { return zone.format(at); }),
                    std::back_inserter(out_.remarks));
  check_seals();
}

void verifier::check_end() {
  if (chain_.seq() != head_->entries)
    wrong(journal_name,
          fmt::format("应有 {} 条，只有 {} 条 / {} entries are stated, {} are there", head_->entries, chain_.seq(),
                      head_->entries, chain_.seq()),
          std::min(chain_.seq(), head_->entries) + 1);
  else if (chain_.hash() != head_->hash)
    wrong(head_name, "末条哈希与账目不符 / the hash is not that of the last entry", chain_.seq());
  if (head_->exported < head_->heartbeat)
    wrong(head_name, "导出时间早于心跳，不可能 / it was exported before its own heartbeat, which cannot be");
}

void verifier::check_seals() {
  if (out_.understood && books_->books->zone().name() != head_->zone)
    wrong(head_name, "时区与账目不符 / the zone is not the journal's");
  auto v = seals_.check(chain_, head_->heartbeat, *books_->books);
  good_ = std::move(v.good);
  std::ranges::move(v.problems, std::back_inserter(out_.problems));
  if (good_.size() == seals_.readable().size()) std::ranges::move(dated_, std::back_inserter(out_.problems));
  if (!good_.empty()) {
    out_.sealed_entries = good_.back().seq;
    out_.sealed_to = books_->books->zone().format(good_.back().when.to);
  }
  for (std::size_t i = 1; i < good_.size(); ++i)
    if (good_[i].key != good_[i - 1].key)
      out_.remarks.push_back(
          fmt::format("封存密钥自 {} 起更换为 {}，请确认是本单位所为 / the key was replaced: make sure "
                      "by whom",
                      good_[i].day, ledger::short_form(good_[i].key)));
  if (out_.sealed_entries < out_.entries)
    out_.remarks.push_back(fmt::format("未封存：第 {} 至 {} 条 / not sealed: entries {} to {}", out_.sealed_entries + 1,
                                       out_.entries, out_.sealed_entries + 1, out_.entries));
}

/** Whose pack it is: every key that signed must be one that was named. */
void verifier::check_origin() {
  std::vector<std::pair<std::string_view, ledger::digest>> signers;
  for (const ledger::seal& s : seals_.readable())
    if (signers.empty() || signers.back().second != s.key) signers.emplace_back(seals_name, s.key);
  if (signature_) signers.emplace_back(signature_name, signature_->key);
  if (!signers.empty()) out_.fingerprint = host::hex(ledger::bytes_of(signers.back().second));
  if (!out_.manifest_signed) out_.remarks.push_back(what_nobody_signed(out_.sealed_entries));
  if (request_.fingerprints.empty()) return;
  out_.from = out_.manifest_signed ? origin::proven : origin::not_proven;
  for (const auto& [file, key] : signers) {
    if (named(key)) continue;
    out_.from = origin::other_key;
    wrong(file, fmt::format("由另一把密钥签名，指纹 {} / signed with another key, fingerprint {}",
                            ledger::short_form(key), ledger::short_form(key)));
  }
  if (good_.empty() && !out_.manifest_signed) {
    out_.from = origin::other_key;
    wrong(seals_name, "没有一处有效的签名，来源无从证明 / nothing is validly signed: the origin cannot be proven");
  }
}

void verifier::check_closings() {
  try {
    for (std::string& text : entries::closings_that_disagree(*books_->books)) wrong("closings.json", std::move(text));
  } catch (const std::runtime_error& e) {
    wrong(journal_name, e.what());
  }
}

result<void> verifier::check_figures() {
  const auto readable = seals_.readable();
  report::document figures;
  std::size_t done = 0;
  bool on = true;
  std::set<std::string, std::less<>> told;
  try {
    figures = each_content({*books_, *head_, readable}, [&](const std::string& name, const std::string& own) {
      on = on &&
           tell("数字 / figures", static_cast<double>(++done) / static_cast<double>(listed_names(list_.format).size()));
      const zip_member* m = zip_.find(name);
      told.insert(name);
      if (!on || m == nullptr) return;
      const std::string stated = text_of(name, 2 * own.size() + (1U << 20));
      const bool words = name == page_name || name == script_name;  // not figures: each version has its own
      if (words && (head_->software != request_.software || older())) {
        if (stated != own) out_.remarks.push_back(not_compared(name, head_->software));
        return;
      }
      const columns wanted = older() ? columns::first_ones : columns::all;
      std::ranges::move(compare_text(name, stated, own, wanted), std::back_inserter(out_.problems));
    });
  } catch (const std::runtime_error& e) {
    wrong(journal_name, e.what());
    return {};
  }
  if (!on) return stopped;
  for (const std::string& name : names_if_any())
    if (const bool there = zip_.find(name) != nullptr; there != told.contains(name))
      wrong(name, there ? "不该有的文件：账目里没有这类内容 / a file too many: the journal has no such entry"
                        : "缺失 / the file is missing");
  return check_workbook(figures);
}

result<void> verifier::check_workbook(const report::document& figures) {
  const zip_member* m = zip_.find(workbook_name);
  if (m == nullptr) return {};
  const auto folder = host::scratch::make(std::filesystem::temp_directory_path());
  if (!folder) return folder.error();
  const std::string path = folder->file("figures.xlsx");
  if (const auto wrote = report::write_workbook(figures, path); !wrote) return wrote;
  const auto own = zip_reader::open(path);
  if (!own) return own.error();
  const std::uint64_t most = 2 * std::filesystem::file_size(path) + (1U << 20);
  const auto stated = zip_reader::over(text_of(workbook_name, most));
  if (!stated)
    wrong(workbook_name, stated.error());
  else
    std::ranges::move(
        compare_workbooks(std::string(workbook_name), *stated, *own, older() ? columns::first_ones : columns::all),
        std::back_inserter(out_.problems));
  return {};
}

}  // namespace

result<pack_proof> verify_pack(const verify_request& request, const progress_fn& progress) {
  auto zip = zip_reader::open(request.path);
  if (zip) return verifier(request, progress, std::move(*zip)).run();
  if (zip.error().file.empty()) return zip.error();
  pack_proof v;
  v.problems.push_back({request.path, 0, sentence_of(zip.error())});
  return v;
}

}  // namespace changtong::audit
