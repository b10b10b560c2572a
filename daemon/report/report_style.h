#pragma once
/** CSS of the written report: the page and the fonts of official documents (GB/T 9704: A4, margins 37, 26, 35, 28 mm,
 * 仿宋 of 16 points), each with a free font behind it. */
#include <string_view>

namespace changtong::report {

inline constexpr std::string_view report_style = R"(
@page { size: A4; margin: 37mm 26mm 35mm 28mm; @bottom-center { content: "— " counter(page) " —"; font-size: 14pt; } }
body { font-family: "仿宋_GB2312", FangSong, "仿宋", "Noto Serif CJK SC", serif; font-size: 16pt; line-height: 28pt;
  color: #000; max-width: 156mm; margin: 0 auto; padding: 12mm 4mm; }
p.title { font-family: "方正小标宋简体", "FZXiaoBiaoSong-B05S", "小标宋", "Noto Serif CJK SC", serif; font-size: 22pt;
  line-height: 32pt; text-align: center; text-indent: 0; margin: 0 0 20pt; }
h1, h2, h3, h4 { font-size: 16pt; font-weight: normal; text-indent: 2em; margin: 0; break-after: avoid; }
h1 { font-family: "黑体", SimHei, "Noto Sans CJK SC", sans-serif; }
h2 { font-family: "楷体_GB2312", KaiTi, "楷体", "Noto Serif CJK SC", serif; font-weight: 600; }
h3 { font-weight: bold; }
p { margin: 0; text-indent: 2em; text-align: justify; overflow-wrap: anywhere; }
div.draft { border: 1.5pt solid #c00000; color: #c00000; padding: 4pt 8pt; margin: 0 0 12pt;
  font-family: "黑体", SimHei, "Noto Sans CJK SC", sans-serif; font-size: 14pt; line-height: 20pt; }
div.draft p, div.remark p { text-indent: 0; }
div.remark { font-size: 10.5pt; line-height: 16pt; margin: 3pt 0; }
div.signature { text-align: right; margin-top: 28pt; }
div.signature p { text-align: right; }
table { border-collapse: collapse; width: 100%; table-layout: fixed; font-size: 10.5pt; line-height: 14pt;
  margin: 6pt 0 12pt; font-family: "宋体", SimSun, "Noto Serif CJK SC", serif; }
caption, figcaption { font-family: "黑体", SimHei, "Noto Sans CJK SC", sans-serif; font-size: 12pt; line-height: 20pt;
  text-align: center; padding: 2pt 0; break-after: avoid; }
th, td { border: 0.75pt solid #000; padding: 2pt 3pt; vertical-align: middle; text-align: center;
  overflow-wrap: anywhere; }
th { background: #f0f0f0; font-weight: bold; }
thead { display: table-header-group; }
tr { break-inside: avoid; }
table.indicators tr { break-inside: auto; } /* a level over many rows would go to the next page as a whole */
table.sources { font-size: 9pt; line-height: 12pt; }
figure { margin: 6pt 0 12pt; break-inside: avoid; }
svg { width: 100%; height: auto; display: block; }
svg text { font-family: "黑体", SimHei, "Noto Sans CJK SC", sans-serif; font-size: 13px; fill: #000; }
svg text.small { font-size: 11px; }
@media print { body { max-width: none; padding: 0; } }
)";

}  // namespace changtong::report
