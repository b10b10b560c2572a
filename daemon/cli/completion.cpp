#include "daemon/cli/completion.h"

#include <fmt/format.h>

namespace changtong {
namespace {

std::string words_of(const known_command& c) {
  std::string out;
  const auto add = [&out](const std::string& word) { out += (out.empty() ? "" : " ") + word; };
  for (const known_command& sub : c.commands) add(sub.name);
  for (const known_option& o : c.options)
    for (const std::string& name : o.names)
      if (name.starts_with("--")) add(name);
  return out;
}

/** One case a command, by the way that leads to it; `paths`: of all of them, as patterns. */
void describe(const known_command& c, const std::string& path, std::string& cases, std::string& paths) {
  cases += fmt::format("    \"{}\") words=\"{}\" ;;\n", path, words_of(c));
  for (const known_command& sub : c.commands) {
    const std::string there = path + " " + sub.name;
    paths += (paths.empty() ? "\"" : "|\"") + there + "\"";
    describe(sub, there, cases, paths);
  }
}

}  // namespace

std::string bash_completion(const known_command& program) {
  std::string cases, paths;
  describe(program, "", cases, paths);
  return fmt::format(
      "# bash completion of changtong: source <(changtong completion), or keep it in /etc/bash_completion.d/changtong\n"
      "_changtong() {{\n"
      "  local word path=\"\" words=\"\" current=\"${{COMP_WORDS[COMP_CWORD]}}\"\n"
      "  for word in \"${{COMP_WORDS[@]:1:COMP_CWORD-1}}\"; do\n"
      "    case \"$path $word\" in\n"
      "    {}) path=\"$path $word\" ;;\n"
      "    esac\n"
      "  done\n"
      "  case \"$path\" in\n"
      "{}"
      "  esac\n"
      "  COMPREPLY=($(compgen -W \"$words\" -- \"$current\"))\n"
      "}}\n"
      "complete -o default -F _changtong changtong\n",
      paths, cases);
}

}  // namespace changtong
