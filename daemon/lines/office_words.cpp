#include "daemon/lines/office_words.h"

#include <filesystem>

#include "daemon/core/phrase.h"
#include "daemon/host/file_rights.h"
#include "daemon/host/plain_file.h"

namespace changtong::lines {
namespace {

result<void> write_words(const std::string& path, const std::string& was, const std::string& now) {
  const bool there = host::plain_file_exists(path);
  if (there) {
    const auto text = host::read_document(path);
    if (!text) return about(path, text.error());
    if (*text != was)
      return said(both("{} 在此期间被改过，用词没有记入", "{} was changed meanwhile: no word was kept", path));
  }
  const auto done = host::replace_plain_file(path, now, there ? host::mode_of(path) : 0644U);
  return done ? result<void>{} : about(path, done.error());
}

}  // namespace

result<known_words> read_words(const std::string& config) {
  known_words w{
      .path = (std::filesystem::path(config).parent_path() / "import-words.yaml").string(), .text = {}, .list = {}};
  if (const auto good = w.list.add(std::string(sheets::built_in_import_words()), "import.yaml", false); !good)
    return good.error();
  if (!host::plain_file_exists(w.path)) return w;
  auto text = host::read_document(w.path);
  if (!text) return text.error();
  w.text = std::move(*text);
  if (const auto good = w.list.add(w.text, w.path, true); !good) return good.error();
  return w;
}

result<void> keep_words(const known_words& known, const sheets::preview& confirmed) {
  const std::string now = sheets::with_words(known.text, confirmed.to_confirm);
  // The office's file is appended to: in another style of YAML that would spoil it for ever.
  if (const auto good = sheets::word_list{}.add(now, known.path, true); !good)
    return said(both("{} 不是一行一词的写法，用词没有记入：请自己加上",
                     "{} is not written word by word, so none was kept: add them yourself", known.path),
                problem_class::no);
  return write_words(known.path, known.text, now);
}

}  // namespace changtong::lines
