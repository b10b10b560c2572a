#include "daemon/audit/page.h"

#include <fmt/format.h>

#include <array>

#include "daemon/audit/embedded.h"
#include "daemon/audit/manifest.h"
#include "daemon/audit/proof_words.h"
#include "daemon/core/html.h"
#include "daemon/host/digest.h"

namespace changtong::audit {
namespace {

struct file_row {
  std::string_view name, what;
};
constexpr std::array<file_row, 18> files{
    {{"journal.jsonl", "账目摘录：账本自第 1 条起的全部记录，每行一条。期内的数字取决于此前的一切，所以从头给全"},
     {"seals.jsonl", "每日封存：监测系统在每个自然日结束后对账目签名，每行一天"},
     {"key.pub", "验证签名用的公钥（PEM）"},
     {"head.json", "摘录的抬头：期间、时区、导出时间、观测到何时（心跳）、条数与末条哈希"},
     {"inventory.csv", "专线与网站清单的每一个版本：何时起、何时止、谁改的"},
     {"windows.csv", "计划停机的每一步：谁申请、谁批准、是否事后补批、最终剔除哪段时间"},
     {"policies.json", "监测参数与合同的每一个版本"},
     {"closings.json", "每次结账：当时的数字、原因，以及与上一版的差异"},
     {"duty.csv", "值班记录"},
     {"annotations.csv", "人工备注（作者与录入时间）"},
     {"acknowledgements.csv、tickets.csv", "如有：谁接手了中断；报障单的每一步与运营商的答复"},
     {"figures/availability_by_*.csv", "畅通率账目，按线路、类别、运营商、乡镇、日、月"},
     {"figures/availability.json", "同上，并附精确到毫秒的各项时长"},
     {"figures/outages.csv", "期内每一次中断"},
     {"figures.xlsx", "以上数字的 Excel 表格"},
     {"README.html", "本页"},
     {"verify_pack.py", "独立核验程序：只用 Python 自带的库，由账目重算本包的数字，见第三节"},
     {"manifest.json", "以上每个文件的大小与 SHA-256；manifest.sig（如有）是封存密钥对它的签名"}}};

std::string about(const page_sources& from) {
  const pack_head& h = from.pack.head;
  const civil_zone& zone = from.pack.folded.books->zone();
  std::string out = "<h1>畅通 · 审计证据包</h1>\n<table>\n";
  const auto row = [&](std::string_view what, const std::string& value) {
    out += fmt::format("<tr><th>{}</th><td>{}</td></tr>\n", what, html_text(value));
  };
  row("期间", fmt::format("{} 至 {}（不含末刻）", zone.format(h.when.from), zone.format(h.when.to)));
  row("时区", h.zone);
  row("导出时间", zone.format(h.exported));
  row("观测到", zone.format(h.heartbeat));
  row("账目", fmt::format("{} 条", h.entries));
  row("末条哈希", host::hex(ledger::bytes_of(h.hash)));
  row("规则版本", in_words(from.pack.folded.rules));
  row("软件", fmt::format("畅通 {}，证据包格式 {}", h.software, pack_format));
  const auto& seals = from.pack.seals;
  row("已封存", seals.empty() ? "尚无" : fmt::format("{} 天，至 {}", seals.size(), zone.format(seals.back().when.to)));
  for (std::size_t i = 0; i < seals.size(); ++i)
    if (i == 0 || seals[i].key != seals[i - 1].key)
      row("密钥指纹", fmt::format("{}（自 {} 起）", ledger::short_form(seals[i].key), seals[i].day));
  if (const std::string words = branches_in_words(from.pack.folded.branches, zone); !words.empty()) row("分支", words);
  for (const std::string& told :
       ledger::told_by_starts(from.pack.folded.branches, [&](wall_t at) { return zone.format(at); }))
    row("启动记载", told);
  return out + "</table>\n<p>指纹也印在每一份报告上。请从报告、而不是从本页抄取指纹来核对。</p>\n";
}

std::string what_is_here() {
  std::string out = "<h2>一、包内有什么</h2>\n<table>\n";
  for (const file_row& f : files) out += fmt::format("<tr><td><code>{}</code></td><td>{}</td></tr>\n", f.name, f.what);
  return out + "</table>\n";
}

constexpr std::string_view why_trust = R"(<h2>二、凭什么可信</h2>
<p><b>哈希链。</b>每条账目的哈希由上一条的哈希和本条内容算出，改动、删去、插入任何一条，其后全部对不上：</p>
<pre>hash = SHA-256( prev ‖ seq ‖ at ‖ kind ‖ 0x00 ‖ body )</pre>
<p>prev 是上一条的哈希（32 字节；第 1 条用 32 个零字节），seq、at 各 8 字节、大端补码，kind、body 是 UTF-8 原文。
at 是 1970 年起（UTC）的毫秒数。</p>
<p><b>封存。</b>仅有哈希链，改账者可以把整条链重算一遍。所以每个自然日结束后，监测系统用私钥对“账目到第几条、哈希是多少”
签名（Ed25519，或 SM2 加 SM3），并另存在账本之外。每行封存又包含上一行的 SHA-256，抽走一天也会断开。
签名的内容是该行中 <code>,"signature"</code> 之前的全部文字。</p>
<p><b>指纹。</b>公钥也在包里，伪造者可以换上自己的密钥、把一切重新签一遍。防的办法是指纹：公钥原文的 SHA-256，
印在每一份报告上。核验时给出报告上的指纹，换过密钥的包就通不过；不给指纹，结论只能是“一致，来源未证明”。</p>
<p><b>未封存的部分。</b>最后一次封存之后的账目还没有签名，核验结果会列出是哪几条。清单若有签名（manifest.sig），
则整包（包括这些账目）由封存密钥担保为导出时的样子。<b>清单没有签名</b>的包，来源一律是“未证明”：封存只证明它所盖的账目没有被改动；
其后是否还有账目、心跳、导出时间、期间，以及由它们算出的数字和本页，都只是包的一面之词。</p>
)";

std::string how_to_check() {
  return fmt::format(
      R"(<h2>三、怎样核验</h2>
<p>用本程序（不需要账本、配置或网络；每个数字都会由账目重新算出并逐项比较，不符时指出文件和账目条号或行）：</p>
<pre>changtong evidence verify 本包.zip --fingerprint 报告上的指纹</pre>
<p>不用本程序：文件的完整性可用通用工具核对（与 manifest.json 所列比较），</p>
<pre>unzip 本包.zip -d 包 &amp;&amp; cd 包 &amp;&amp; sha256sum journal.jsonl seals.jsonl figures/*.csv</pre>
<p>哈希链只需几行 Python：</p>
<pre>import hashlib, json, struct
prev = bytes(32)
for line in open("journal.jsonl", encoding="utf-8"):
    e = json.loads(line)
    text = prev + struct.pack("&gt;qq", e["seq"], e["at"]) + e["kind"].encode() + b"\0" + e["body"].encode()
    prev = hashlib.sha256(text).digest()
    assert prev.hex() == e["hash"], e["seq"]
print("哈希链完整，末条哈希", prev.hex())</pre>
<p>verify_pack.py 只用 Python 自带的库，不用本程序的任何代码：核对清单、哈希链、封存与签名，并由账目把 figures/ 下的每个数字和
各份清单重算一遍（figures.xlsx 与本页除外，它们只与清单比较；--help 讲解用法）。包里的脚本不比包更可信，请用自己留存的一份，或先与留存的比较：</p>
<pre>python3 verify_pack.py 本包.zip --fingerprint 报告上的指纹</pre>
)");
}

}  // namespace

std::string explanation_page(const page_sources& from) {
  std::string out =
      "<!DOCTYPE html>\n<html lang=\"zh-CN\">\n<head><meta charset=\"utf-8\"><title>畅通 · 审计证据包</title>\n";
  out += fmt::format("<style>\n{}</style>\n", page_css());
  out += "</head>\n<body>\n" + about(from) + what_is_here();
  out += why_trust;
  out += how_to_check() + figures_explained(from);
  return out + "</body>\n</html>\n";
}

}  // namespace changtong::audit
