#include "daemon/cli/pdf_text.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <vector>

#include "daemon/core/phrase.h"
#include "daemon/core/system_words.h"

namespace changtong {
namespace {

constexpr std::size_t most_text = 16U << 20U;
constexpr rlim_t most_seconds = 30;

/** Its output, whole; empty and a code other than 0 where it failed. */
std::string output_of(int from) {
  std::string out;
  std::array<char, 1U << 16U> chunk{};
  for (ssize_t n = 0; (n = ::read(from, chunk.data(), chunk.size())) != 0;) {
    if (n < 0 && errno == EINTR) continue;
    if (n < 0 || out.size() > most_text) break;
    out.append(chunk.data(), static_cast<std::size_t>(n));
  }
  ::close(from);
  return out;
}

}  // namespace

result<std::string> pdf_text(const std::string& path) {
  std::array<int, 2> pipe{};
  if (::pipe2(pipe.data(), O_CLOEXEC) != 0) return said(system_words(errno));
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, pipe[1], 1);
  posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addclosefrom_np(&actions, 3);
  std::vector<std::string> words{"pdftotext", "-layout", "-enc", "UTF-8", path.starts_with('/') ? path : "./" + path,
                                 "-"};
  std::vector<char*> arguments;
  for (std::string& w : words) arguments.push_back(w.data());
  arguments.push_back(nullptr);
  pid_t child = 0;
  const int failed = ::posix_spawnp(&child, "pdftotext", &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  ::close(pipe[1]);
  if (failed != 0) {
    ::close(pipe[0]);
    return said({"读 PDF 需要 pdftotext：以 root 执行 apt-get install poppler-utils，或在 Word、WPS 中另存为 .docx",
                 "a PDF needs pdftotext: apt-get install poppler-utils, or save the report as .docx"});
  }
  const rlimit cpu{most_seconds, most_seconds};
  ::prlimit(child, RLIMIT_CPU, &cpu, nullptr);
  std::string text = output_of(pipe[0]);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
    return said({"pdftotext 读不了这个 PDF：可能已损坏或加密，请另存为 .docx",
                 "pdftotext cannot read this PDF: damaged or encrypted; save the report as .docx"});
  return result<std::string>(boost::system::in_place_value, std::move(text));
}

}  // namespace changtong
