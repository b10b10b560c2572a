#pragma once
/** A broker of the test's own, on a port that is free: without storage, in the clear, with users where a test names
 * them. */
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <thread>

#include "daemon/centre/broker.h"

namespace changtong::centre::fakes {

class nats_server {
 public:
  /** `more`: lines of its settings. */
  explicit nats_server(const std::string& more = {}) {
    std::string name = (std::filesystem::temp_directory_path() / "changtong-nats-XXXXXX").string();  // for mkdtemp
    folder_ = ::mkdtemp(name.data());
    std::ofstream(folder_ + "/conf") << "listen: 127.0.0.1:-1\n"  // any that is free
                                     << fmt::format("ports_file_dir: \"{}\"\n", folder_) << more;
    start();
  }
  ~nats_server() {
    kill();
    std::error_code failed;
    std::filesystem::remove_all(folder_, failed);
  }
  nats_server(const nats_server&) = delete;
  nats_server& operator=(const nats_server&) = delete;

  void start() {
    child_ = ::fork();
    if (child_ == 0) {
      const std::string conf = folder_ + "/conf", log = folder_ + "/log";
      if (::freopen(log.c_str(), "a", stdout) == nullptr || ::dup2(1, 2) < 0) ::_exit(126);
      if (port_ == 0)
        ::execl("/usr/sbin/nats-server", "nats-server", "-c", conf.c_str(), nullptr);
      else
        ::execl("/usr/sbin/nats-server", "nats-server", "-c", conf.c_str(), "-p", std::to_string(port_).c_str(),
                nullptr);
      ::_exit(127);
    }
    if (port_ == 0) port_ = port_that_it_wrote();
    // it is another process, and tells nobody that it listens; a minute at most
    for (int i = 0; i < 1'200 && !answers(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds{50});
  }
  /** kill -9. */
  void kill() {
    if (child_ == 0) return;
    ::kill(child_, SIGKILL);
    ::waitpid(child_, nullptr, 0);
    child_ = 0;
  }
  void pause() { ::kill(child_, SIGSTOP); }
  void go_on() { ::kill(child_, SIGCONT); }
  [[nodiscard]] broker_place place(std::vector<broker_subject> hears = {}) const {
    broker_place p{.servers = {fmt::format("127.0.0.1:{}", port_)}, .tls = false, .answers = "ct.answer.test"};
    p.hears = std::move(hears);
    return p;
  }

 private:
  [[nodiscard]] bool answers() const {
    const int s = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_port = htons(static_cast<std::uint16_t>(port_));
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const bool there = ::connect(s, reinterpret_cast<const sockaddr*>(&at), sizeof at) == 0;
    ::close(s);
    return there;
  }
  /** {"nats":["nats://127.0.0.1:41234"]}, in a file named after its process; it tells nobody that it began. */
  [[nodiscard]] int port_that_it_wrote() const {
    for (int i = 0; i < 1'200; ++i) {
      std::stringstream text;
      text << std::ifstream(fmt::format("{}/nats-server_{}.ports", folder_, child_)).rdbuf();
      if (const auto at = text.str().find("127.0.0.1:"); at != std::string::npos && text.str().ends_with('}'))
        return std::atoi(text.str().c_str() + at + 10);
      // Another process writes the file, and tells nobody: there is nothing to wait on.
      std::this_thread::sleep_for(std::chrono::milliseconds{50});
    }
    ADD_FAILURE() << "it does not listen within a minute";
    return 0;
  }

  std::string folder_;
  pid_t child_ = 0;
  int port_ = 0;
};

}  // namespace changtong::centre::fakes
