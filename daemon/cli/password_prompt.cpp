#include "daemon/cli/password_prompt.h"

#include <termios.h>
#include <unistd.h>

#include <array>
#include <csignal>

#include <iostream>
#include <optional>
#include <string>

#include "daemon/core/phrase.h"

namespace changtong {
namespace {

constexpr std::size_t longest = 257;  // one byte more than a password may have, which its rules then say
constexpr std::array<int, 4> endings{SIGINT, SIGTERM, SIGHUP, SIGQUIT};
termios shown_again;  // a signal's handler reaches nothing else

/** A terminal that goes on hiding what is typed is of no use to whoever broke off. */
extern "C" void break_off(int signal) {
  ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown_again);
  ::signal(signal, SIG_DFL);
  ::raise(signal);
}

/** What is typed is not shown while one lives, or until a signal ends the process. */
class hidden_typing {
 public:
  hidden_typing() : known_(::tcgetattr(STDIN_FILENO, &shown_again) == 0) {
    if (!known_) return;
    struct sigaction breaking{};
    breaking.sa_handler = break_off;
    for (std::size_t i = 0; i < endings.size(); ++i) {
      ::sigaction(endings.at(i), nullptr, &before_.at(i));
      // Whoever started us to live on (nohup) is not to be broken off by us.
      if (before_.at(i).sa_handler != SIG_IGN) ::sigaction(endings.at(i), &breaking, nullptr);
    }
    termios quiet = shown_again;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
  }
  ~hidden_typing() {
    if (known_) {
      ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown_again);
      for (std::size_t i = 0; i < endings.size(); ++i) ::sigaction(endings.at(i), &before_.at(i), nullptr);
    }
    std::cerr << '\n';
  }
  hidden_typing(const hidden_typing&) = delete;
  hidden_typing& operator=(const hidden_typing&) = delete;

 private:
  bool known_;
  std::array<struct sigaction, endings.size()> before_{};
};

/** Of a terminal, that gives no more than a few thousand at once: the rest of a line that is too long is no answer to
 * the next question. */
void skip_line() {
  constexpr std::size_t most = 1 << 16;
  std::string::traits_type::int_type c = 0;
  for (std::size_t n = 0; n < most && c != '\n' && c != std::char_traits<char>::eof(); ++n) c = std::cin.get();
}

std::optional<std::string> line(bool person) {
  std::string out;
  bool ended = false;
  while (out.size() < longest && !ended) {
    const int c = std::cin.get();
    ended = c == std::char_traits<char>::eof() || c == '\n';
    if (c == std::char_traits<char>::eof() && out.empty()) return std::nullopt;
    if (!ended) out.push_back(static_cast<char>(c));
  }
  if (person && !ended) skip_line();
  if (out.ends_with('\r')) out.pop_back();
  return out;
}

std::optional<std::string> typed(const char* prompt) {
  const hidden_typing hidden;  // before the prompt: what is typed earlier would be thrown away
  std::cerr << prompt << std::flush;
  return line(true);
}

}  // namespace

result<secret> new_password() {
  const bool person = ::isatty(STDIN_FILENO) == 1;
  std::optional<std::string> first = person ? typed("新密码 / new password: ") : line(false);
  if (!first)
    return said({"没有读到密码：请在终端输入，或从标准输入给出一行",
                 "no password: type it, or give it as a line of standard input"});
  if (person && typed("再输入一次 / once more: ") != first) return said({"两次输入不同", "the two are not the same"});
  return secret(std::move(*first));
}

}  // namespace changtong
