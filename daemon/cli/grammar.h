#pragma once
/** What the command line may say: subcommands with their options, each written into a variable that outlives the
 * reading. The parser itself (CLI11, templates by the thousand) is included by grammar.cpp alone, so that a file which
 * declares three options is not mostly compile time. */
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace changtong {

/** A command or one of its subcommands; a handle, to be passed by value. */
class grammar {
 public:
  /** A handle too; each call adds to the option and gives it back. */
  class option {
   public:
    explicit option(CLI::Option* inner) : inner_(inner) {}
    option& required(bool yes = true);
    option& at_most_one();
    option& separated_by(char c);
    /** Help shows what the variable holds now. */
    option& shows_default();
    /** One of these words, or a sentence in both languages; the same for those below. */
    option& one_of(std::initializer_list<std::string> words);
    /** A file that is there; where it is not, the exit code is that of what could not run. A pipe may stand for one. */
    option& existing_file();
    /** The same, and no pipe or device: a ledger, or what is read more than once. */
    option& plain_file();
    /** A file to be written, or a folder: nothing that is there and no plain file (it would be replaced), no ledger and
     * none of the files beside one. */
    option& output();
    /** A number from `least` to `most`, both included. */
    option& within(double least, double most);

   private:
    CLI::Option* inner_;
  };

  explicit grammar(CLI::App* inner) : inner_(inner) {}

  [[nodiscard]] grammar add_subcommand(const std::string& name, const std::string& help);
  void needs_subcommand();
  /** `name` begins with --, or it is an argument by its place. */
  option add_option(const std::string& name, std::string& into, const std::string& help);
  option add_option(const std::string& name, std::optional<std::string>& into, const std::string& help);
  option add_option(const std::string& name, std::vector<std::string>& into, const std::string& help);
  option add_option(const std::string& name, std::uint32_t& into, const std::string& help);
  option add_option(const std::string& name, std::uint64_t& into, const std::string& help);
  option add_option(const std::string& name, double& into, const std::string& help);
  void add_flag(const std::string& name, bool& into, const std::string& help);
  /** Stands below the help of this command. */
  void footer(const std::string& text);
  /** Called if this is the command that was given. */
  void callback(std::function<void()> what);

 private:
  CLI::App* inner_;
};

/** The whole of it. */
class command_line {
 public:
  struct words {
    std::string about, version, footer;
  };
  explicit command_line(const words& say);
  ~command_line();
  command_line(const command_line&) = delete;
  command_line& operator=(const command_line&) = delete;

  [[nodiscard]] grammar top() { return grammar(app_.get()); }
  /** Reads, and calls back the command that was given. Otherwise, after help or a mistake has been printed, the exit
   * code. What a callback throws goes through. */
  [[nodiscard]] std::optional<int> read(int argc, const char* const* argv);
  /** Of all that was added, for bash. */
  [[nodiscard]] std::string completion() const;

 private:
  std::unique_ptr<CLI::App> app_;
  std::vector<std::string> given_;  ///< the words that are read, for a sentence about a mistake
};

}  // namespace changtong
