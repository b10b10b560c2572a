// A document, its relationships and its comments, each up to a NUL and as anybody may have written them: comments are
// put in or refused, and what the document says is the same with them.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/reading/docx_comments.h"
#include "daemon/reading/office_file.h"
#include "tests/reading/packed.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace changtong;
  std::string_view rest(reinterpret_cast<const char*>(bytes), size);
  std::vector<std::pair<std::string, std::string>> parts{{"[Content_Types].xml", "<Types/>"}};
  for (const char* name : {"word/document.xml", "word/_rels/document.xml.rels", "word/comments.xml"}) {
    const std::string_view part = rest.substr(0, rest.find('\0'));
    rest.remove_prefix(std::min(rest.size(), part.size() + 1));
    if (!part.empty()) parts.emplace_back(name, part);
  }
  const std::string was = test::packed<>(parts);
  const auto before = reading::office_text(was);
  const auto made = reading::with_comments(was, {{1, "", "a"}, {1, "1", "b"}, {3, "2", "c"}}, "fuzz");
  if (!made) return 0;
  const auto after = reading::office_text(made->bytes);
  if (!before || !after || *after != *before || made->placed > 3) std::abort();
  return 0;
}
