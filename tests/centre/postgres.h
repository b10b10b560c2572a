#pragma once
/** A PostgreSQL of the test's own: in a folder of its own, on a socket there, as a user who is not root. */
#include <fmt/format.h>
#include <grp.h>
#include <gtest/gtest.h>
#include <pwd.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "daemon/centre/database.h"

namespace changtong::centre::fakes {

namespace fs = std::filesystem;

class postgres {
 public:
  postgres() {
    // In memory where there is such a place: a killed server begins by writing all of its files to the disk once more.
    const fs::path memory = "/dev/shm";
    const auto base = ::access(memory.c_str(), W_OK) == 0 ? memory : fs::temp_directory_path();
    std::string name = (base / "changtong-pg-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
    user_ = ::geteuid() == 0 ? ::getpwnam("postgres") : nullptr;
    if (user_ != nullptr && ::chown(folder_.c_str(), user_->pw_uid, user_->pw_gid) != 0) ADD_FAILURE() << "chown";
    const int made = ended(begin("initdb", {"-D", data(), "-U", "changtong", "-A", "trust", "-E", "UTF8",
                                            "--locale=C.UTF-8", "--no-sync", "--no-instructions"}));
    EXPECT_EQ(made, 0) << "initdb";
    start();
  }
  ~postgres() {
    stop();
    std::error_code failed;
    fs::remove_all(folder_, failed);
  }
  postgres(const postgres&) = delete;
  postgres& operator=(const postgres&) = delete;

  void start(const std::vector<std::string>& more = {}) {
    std::vector<std::string> words{"-D", data(), "-k", folder_, "-c", "listen_addresses=", "-c", "shared_buffers=16MB"};
    words.insert(words.end(), more.begin(), more.end());
    server_ = begin("postgres", words);
    for (int i = 0; i < 1'200; ++i) {
      if (database::open(place("postgres"))) return;
      std::this_thread::sleep_for(
          std::chrono::milliseconds{50});  // it is another process, and tells nobody that it began
    }
    ADD_FAILURE() << "it does not answer within a minute";
  }
  /** As a power cut, but for what the system has not written yet. */
  void kill() {
    ::kill(server_, SIGQUIT);
    ended(server_);
    server_ = 0;
  }
  void stop() {
    if (server_ == 0) return;
    signal_all(SIGCONT);
    kill();
  }
  /** It hangs, and every conversation with it. */
  void pause() { signal_all(SIGSTOP); }
  void go_on() { signal_all(SIGCONT); }

  [[nodiscard]] database_place place(const std::string& name, milliseconds patience = std::chrono::seconds{60}) const {
    return {.connect = fmt::format("host={} dbname={} user=changtong", folder_, name),
            .password = {},
            .patience = patience};
  }
  /** A new, empty database. */
  [[nodiscard]] database_place empty() {
    const std::string name = fmt::format("test{}", ++made_);
    const auto db = database::open(place("postgres"));
    EXPECT_TRUE(db && (*db)->ask("CREATE DATABASE " + name));
    return place(name);
  }

 private:
  [[nodiscard]] std::string data() const { return folder_ + "/data"; }

  static fs::path folder_of_programs() {
    std::vector<fs::path> all;
    for (const auto& version : fs::directory_iterator("/usr/lib/postgresql")) all.push_back(version.path() / "bin");
    std::ranges::sort(all);
    return all.back();
  }
  [[nodiscard]] pid_t begin(const std::string& program, const std::vector<std::string>& words) const {
    const std::string path = folder_of_programs() / program;
    std::vector<char*> arguments{const_cast<char*>(path.c_str())};
    for (const std::string& w : words) arguments.push_back(const_cast<char*>(w.c_str()));
    arguments.push_back(nullptr);
    const std::string log = folder_ + "/" + program + ".log";
    const pid_t child = ::fork();
    if (child != 0) return child;
    ::setsid();
    if (user_ != nullptr &&
        (::setgroups(0, nullptr) != 0 || ::setgid(user_->pw_gid) != 0 || ::setuid(user_->pw_uid) != 0))
      ::_exit(126);
    if (::freopen(log.c_str(), "a", stdout) == nullptr || ::dup2(1, 2) < 0 || ::chdir("/") != 0) ::_exit(126);
    ::execv(path.c_str(), arguments.data());
    ::_exit(127);
  }
  static int ended(pid_t child) {
    int status = -1;
    ::waitpid(child, &status, 0);
    return status;
  }
  /** Each process of a server makes a session of its own: it is found by who its parent is. */
  void signal_all(int which) const {
    std::vector<pid_t> all{server_};
    for (const auto& entry : fs::directory_iterator("/proc")) {
      const pid_t pid = std::atoi(entry.path().filename().c_str());
      FILE* about = pid > 0 ? std::fopen((entry.path() / "stat").c_str(), "r") : nullptr;
      int parent = 0;
      if (about != nullptr && std::fscanf(about, "%*d (%*[^)]) %*c %d", &parent) == 1 && parent == server_)
        all.push_back(pid);
      if (about != nullptr) std::fclose(about);
    }
    for (const pid_t pid : all) ::kill(pid, which);
  }

  std::string folder_;
  const passwd* user_ = nullptr;
  pid_t server_ = 0;
  int made_ = 0;
};

/** One for all tests of a program. */
inline postgres& server() {
  static postgres one;
  return one;
}

}  // namespace changtong::centre::fakes
