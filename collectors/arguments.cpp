#include "collectors/arguments.h"

#include <fmt/format.h>

#include <array>

namespace changtong {
namespace {

constexpr std::string_view how =
    "检查写在 lines.csv 的“检查”列，网站写在 sites 之下 / checks stand in the column checks of lines.csv, sites under "
    "`sites`\n"
    "  kind:key=value,key=value   多个检查用空格分隔 / several are separated by spaces\n"
    "  值中的空格、逗号、百分号写作 %20、%2C、%25 / in a value a space, comma, percent sign is %20, %2C, %25\n"
    "  send、expect 中还可写 \\r \\n \\t \\0 \\\\ \\xHH / in send and expect also \\r \\n \\t \\0 \\\\ \\xHH\n"
    "  例 / such as: icmp \"tcp:port=25,expect=220\" \"snmp:credential=routers,if=1+3,interval=30s\"\n";

constexpr std::string_view of_anchors =
    "锚点 / anchors: 地址，或 { address: 地址, checks: \"检查\" }；缺省 icmp，每秒一次；可用 icmp、tcp，不用 http\n"
    "  an address, or { address: …, checks: \"…\" }; icmp every second by default; icmp or tcp, no http\n"
    "  例 / such as: { address: 192.0.2.1, checks: \"icmp:interval=2s\" }\n";

std::string rows_of(std::string_view kind) {
  std::string out;
  for (const argument_row& a : arguments())
    if (a.kind == kind)
      out += fmt::format("  {:<24} {}\n  {:<24} {}\n", fmt::format("{}={}", a.key, a.value), a.chinese, "", a.english);
  return out;
}

}  // namespace

std::span<const argument_row> arguments() {
  static constexpr std::array table{
#define ARGUMENT(kind, key, value, chinese, english) argument_row{#kind, key, value, chinese, english},
#include "collectors/arguments.def"
#undef ARGUMENT
  };
  return table;
}

std::string arguments_page(std::span<const kind> kinds) {
  std::string out(how);
  out += "\n每一种检查 / of every kind\n" + rows_of("any");
  for (const kind& k : kinds) {
    out += fmt::format("\n{}  {}：{}\n{}", k.name, k.chinese, k.entry.arguments_help, rows_of(k.name));
    if (!k.entry.needs_address)
      out += "  网站把这些写成 YAML 的键 / a site has these as keys of YAML: contains: \"…\", status: 200-399\n";
  }
  return out.append("\n").append(of_anchors);
}

}  // namespace changtong
