#include "daemon/report/pandoc.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <system_error>
#include <vector>

#include "daemon/core/phrase.h"
#include "daemon/core/system_words.h"
#include "daemon/report/document.h"
#include "daemon/report/embedded.h"

namespace changtong::report {
namespace {

namespace fs = std::filesystem;

constexpr rlim_t most_memory = rlim_t{1} << 30;  // a report of 60 indicators was made with an eighth of it
constexpr rlim_t most_cpu_seconds = 30;

problem refusal(const std::string& path, const phrase& why) {
  return said(both("{}: 无法生成 DOCX：{}", "{}: no DOCX can be made: {}", path, why));
}

/** A folder of mode 0700 for one conversion, gone with everything in it at the end. */
class scratch_folder {
 public:
  explicit scratch_folder(const std::string& path) : folder_(path + ".XXXXXX") {
    if (::mkdtemp(folder_.data()) == nullptr) folder_.clear();
  }
  ~scratch_folder() {
    std::error_code ignored;
    if (!folder_.empty()) fs::remove_all(folder_, ignored);
  }
  scratch_folder(const scratch_folder&) = delete;
  scratch_folder& operator=(const scratch_folder&) = delete;

  [[nodiscard]] bool made() const { return !folder_.empty(); }
  [[nodiscard]] std::string file(std::string_view name) const { return fmt::format("{}/{}", folder_, name); }
  [[nodiscard]] const std::string& folder() const { return folder_; }

 private:
  std::string folder_;
};

bool write_private(const std::string& path, std::string_view bytes) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0) return false;
  while (!bytes.empty()) {
    const ssize_t n = ::write(fd, bytes.data(), bytes.size());
    if (n <= 0) break;
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return ::close(fd) == 0 && bytes.empty();
}

/** What the child is told to do before it becomes pandoc. */
class spawn_plan {
 public:
  explicit spawn_plan(const std::string& words) {
    posix_spawn_file_actions_init(&actions_);
    posix_spawn_file_actions_addopen(&actions_, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions_, 1, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&actions_, 2, words.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    posix_spawn_file_actions_addclosefrom_np(&actions_, 3);
    posix_spawnattr_init(&attributes_);
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(&attributes_, &none);
    posix_spawnattr_setsigdefault(&attributes_, &all);
    posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }
  ~spawn_plan() {
    posix_spawn_file_actions_destroy(&actions_);
    posix_spawnattr_destroy(&attributes_);
  }
  spawn_plan(const spawn_plan&) = delete;
  spawn_plan& operator=(const spawn_plan&) = delete;

  /** 0 and the child's id, or errno. */
  int start(pid_t& child, std::vector<std::string> arguments, std::vector<std::string> environment) const {
    const auto pointers = [](std::vector<std::string>& words) {
      std::vector<char*> out;
      for (std::string& w : words) out.push_back(w.data());
      out.push_back(nullptr);
      return out;
    };
    return ::posix_spawnp(&child, "pandoc", &actions_, &attributes_, pointers(arguments).data(),
                          pointers(environment).data());
  }

 private:
  posix_spawn_file_actions_t actions_{};
  posix_spawnattr_t attributes_{};
};

/** The bounds of a child that is running; posix_spawn has no place for them. */
void bound(pid_t child) {
  const rlimit memory{most_memory, most_memory}, cpu{most_cpu_seconds, most_cpu_seconds}, core{0, 0};
  ::prlimit(child, RLIMIT_DATA, &memory, nullptr);  // the address space is no measure: its runtime reserves a terabyte
  ::prlimit(child, RLIMIT_CPU, &cpu, nullptr);
  ::prlimit(child, RLIMIT_CORE, &core, nullptr);
}

/** Its exit code; nothing if it had to be killed for time, or died by a signal (`killed_by`). */
std::optional<int> ended(pid_t child, std::chrono::milliseconds patience, bool& in_time) {
  const int fd = static_cast<int>(::syscall(SYS_pidfd_open, child, 0));  // glibc 2.36 declares it for C alone
  const auto until = std::chrono::steady_clock::now() + patience;
  in_time = false;
  while (fd >= 0 && !in_time) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
    if (left.count() <= 0) break;
    pollfd wait{fd, POLLIN, 0};
    if (::poll(&wait, 1, static_cast<int>(left.count())) > 0) in_time = true;
  }
  if (!in_time) ::kill(child, SIGKILL);  // not yet waited for, so the id is still its own
  if (fd >= 0) ::close(fd);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (!in_time || !WIFEXITED(status)) return std::nullopt;
  return WEXITSTATUS(status);
}

std::string words_in(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  std::string text(600, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  return plain(text);
}

}  // namespace

result<void> write_docx(const std::string& html, const std::string& path, std::chrono::milliseconds patience) {
  const scratch_folder here(path);
  if (!here.made() || !write_private(here.file("report.html"), html) ||
      !write_private(here.file("reference.docx"), reference_docx()))
    return refusal(path, {"检查目录是否存在、可写、有空间", "check that the folder exists, is writable and has room"});
  const spawn_plan plan(here.file("words"));
  pid_t child = 0;
  const int failed = plan.start(child,
                                {"pandoc", "--from=html", "--to=docx", "--reference-doc=" + here.file("reference.docx"),
                                 "--output=" + here.file("report.docx"), here.file("report.html")},
                                {"LC_ALL=C.UTF-8", "HOME=" + here.folder(), "PATH=/usr/bin:/bin"});
  if (failed == ENOENT)
    return refusal(path, {"没有安装 pandoc；以 root 执行 apt-get install pandoc 后重试，其他文件不受影响",
                          "pandoc is not installed: apt-get install pandoc; the other files do not need it"});
  if (failed != 0)
    return refusal(path, both("无法启动 pandoc：{}", "pandoc cannot be started: {}", system_words(failed)));
  bound(child);
  bool in_time = false;
  const std::optional<int> code = ended(child, patience, in_time);
  if (!in_time)
    return refusal(path, both("pandoc 超过{}毫秒没有完成，已终止", "pandoc took longer than {} ms and was ended",
                              patience.count()));
  if (code != 0)
    return refusal(path, both("pandoc 失败（{}）：{}", "pandoc failed ({}): {}",
                              code ? as_written(std::to_string(*code)) : phrase{"被信号终止", "ended by a signal"},
                              words_in(here.file("words"))));
  std::error_code error;
  fs::rename(here.file("report.docx"), path, error);
  if (error) return refusal(path, system_words(error.value()));
  return {};
}

}  // namespace changtong::report
