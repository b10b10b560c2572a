#pragma once
/** An XLSX file read back by something that is not its writer: Python's zipfile and XML parser. */
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <map>
#include <sstream>
#include <string>

namespace changtong::report::unpacked {

/** Runs a command and gives what it prints; a failure of the command fails the test. */
inline std::string output_of(const std::string& command) {
  FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) {
    ADD_FAILURE() << "cannot run " << command;
    return {};
  }
  std::string out;
  std::array<char, 4096> piece{};
  while (const std::size_t n = std::fread(piece.data(), 1, piece.size(), pipe)) out.append(piece.data(), n);
  EXPECT_EQ(pclose(pipe), 0) << out;
  return out;
}

/** "SHEET!A1" -> its value as text; every part of the file has been parsed as XML. Also "SHEET!freeze" -> top row. */
inline std::map<std::string, std::string> cells_of(const std::string& path) {
  static const char* const script = R"PY(
import sys, zipfile, xml.etree.ElementTree as E
z = zipfile.ZipFile(sys.argv[1])
assert z.testzip() is None
parts = {n: E.fromstring(z.read(n)) for n in z.namelist() if n.endswith(('.xml', '.rels'))}
s = '{http://schemas.openxmlformats.org/spreadsheetml/2006/main}'
shared = []
if 'xl/sharedStrings.xml' in parts:
    shared = [''.join(t.text or '' for t in si.iter(s + 't')) for si in parts['xl/sharedStrings.xml']]
for n, chart in parts.items():
    if n.startswith('xl/charts/chart'):
        print('book!%s\t%s' % (n[10:-4], ' '.join(f.text for f in chart.iter() if f.tag.endswith('}f'))))
for defined in parts['xl/workbook.xml'].iter(s + 'definedName'):
    if defined.get('name') == '_xlnm.Print_Area':
        print('book!paper%s\t%s' % (defined.get('localSheetId'), defined.text))
for i, sheet in enumerate(parts['xl/workbook.xml'].find(s + 'sheets')):
    root = parts['xl/worksheets/sheet%d.xml' % (i + 1)]
    name = sheet.get('name')
    print('%s!exists\tyes' % name)
    for pane in root.iter(s + 'pane'):
        print('%s!freeze\t%s' % (name, pane.get('topLeftCell')))
    for filtered in root.iter(s + 'autoFilter'):
        print('%s!filter\t%s' % (name, filtered.get('ref')))
    for drawing in root.iter(s + 'drawing'):
        print('%s!drawn\tyes' % name)
    for setup in root.iter(s + 'pageSetup'):
        print('%s!page\t%s %s' % (name, setup.get('orientation'), setup.get('paperSize')))
    for c in root.iter(s + 'c'):
        if c.get('t') == 'inlineStr':
            value = ''.join(t.text or '' for t in c.iter(s + 't'))
        elif c.find(s + 'v') is None:
            continue
        else:
            value = c.find(s + 'v').text
            if c.get('t') == 's':
                value = shared[int(value)]
        assert '\n' not in value and '\t' not in value, repr(value)
        print('%s!%s\t%s' % (name, c.get('r'), value))
)PY";
  const std::string code = path + ".py";
  FILE* file = std::fopen(code.c_str(), "w");
  std::fputs(script, file);
  std::fclose(file);
  std::map<std::string, std::string> out;
  std::istringstream lines(output_of("PYTHONIOENCODING=utf-8 python3 '" + code + "' '" + path + "' 2>&1"));
  for (std::string line; std::getline(lines, line);)
    if (const auto tab = line.find('\t'); tab != std::string::npos) out[line.substr(0, tab)] = line.substr(tab + 1);
  std::remove(code.c_str());
  return out;
}

}  // namespace changtong::report::unpacked
