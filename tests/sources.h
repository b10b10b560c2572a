#pragma once
/** The project's sources as text, for tests that look after their shape. */
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace changtong::shape {

struct source_file {
  std::string path;  // from the root of the project, with '/'
  std::string text;
};

inline std::string read(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/** Production code, in order of path. */
inline const std::vector<source_file>& sources() {
  static const std::vector<source_file> all = [] {
    std::vector<source_file> out;
    const std::filesystem::path root = CHANGTONG_SOURCE_DIR;
    for (const char* top : {"daemon", "collectors"})
      for (const auto& entry : std::filesystem::recursive_directory_iterator(root / top)) {
        const auto extension = entry.path().extension();
        if (entry.is_regular_file() && (extension == ".h" || extension == ".cpp"))
          out.push_back({std::filesystem::relative(entry.path(), root).generic_string(), read(entry.path())});
      }
    std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
    return out;
  }();
  return all;
}

/** Of what a message ends with. */
inline std::string listed(const std::vector<std::string>& lines) {
  std::string out;
  for (const auto& l : lines) out += "\n  " + l;
  return out;
}

}  // namespace changtong::shape
