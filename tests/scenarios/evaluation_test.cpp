// `changtong evaluate` from files to files: the 2023 report's own figures, and its indicator tree over the books of a
// replayed 2026.
#include <gmock/gmock.h>
#include <zlib.h>

#include <boost/json.hpp>
#include <sstream>

#include "daemon/cli/ending.h"
#include "daemon/cli/evaluate_command.h"
#include "daemon/core/utf8.h"
#include "daemon/report/evaluation_table.h"
#include "tests/scenarios/played.h"

namespace changtong {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

const fs::path plans_folder = fs::path(CHANGTONG_SOURCE_DIR) / "config/plans";

std::string text_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}
void put(const fs::path& path, const std::string& text) { std::ofstream(path, std::ios::binary) << text; }

std::string with(std::string text, const std::string& old_words, const std::string& new_words) {
  const auto at = text.find(old_words);
  if (at == std::string::npos) throw std::runtime_error("the plan does not say " + old_words);
  return text.replace(at, old_words.size(), new_words);
}

struct said {
  int code = -1;
  std::string out, error;
};
said evaluated(const evaluate_options& o) {
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  said s;
  s.code = evaluate_command(o);
  s.out = testing::internal::GetCapturedStdout();
  s.error = testing::internal::GetCapturedStderr();
  return s;
}

/** A world in which the plans' folder lies, so that it can be changed. */
struct Evaluation : played::world {
  fs::path folder_of_plans;
  Evaluation() {
    std::string name = (fs::temp_directory_path() / "changtong-plans-XXXXXX").string();
    folder_of_plans = ::mkdtemp(name.data());
    fs::copy(plans_folder, folder_of_plans, fs::copy_options::recursive | fs::copy_options::overwrite_existing);
  }
  ~Evaluation() override { fs::remove_all(folder_of_plans); }

  [[nodiscard]] fs::path out() const { return folder_of_plans / "out"; }
  [[nodiscard]] evaluate_options options(const std::string& plan) const {
    evaluate_options o;
    o.plan = (folder_of_plans / plan).string();
    o.out = out().string();
    return o;
  }
  [[nodiscard]] boost::json::object json() const {
    return boost::json::parse(text_of(out() / "evaluation.json")).as_object();
  }
  [[nodiscard]] boost::json::object indicator(const std::string& id) const {
    const auto all = json();
    for (const auto& i : all.at("indicators").as_array())
      if (i.at("id").as_string() == id) return i.as_object();
    throw std::runtime_error("no indicator " + id);
  }
  [[nodiscard]] std::string text(const std::string& id, const char* key) const {
    const auto v = indicator(id).at(key);
    return v.is_null() ? "null" : std::string(v.as_string());
  }
};

/** Columns that a line takes on a terminal up to `end`; it must be whole UTF-8. */
std::size_t columns(std::string_view line, std::string_view end) {
  std::size_t n = 0;
  for (std::string_view rest = line; !rest.empty() && !rest.starts_with(end);) {
    const std::size_t bytes = utf8_length(rest);
    EXPECT_GT(bytes, 0U) << "cut inside a character: " << line;
    n += bytes >= 3 && rest[0] != '\xe2' ? 2 : 1;
    rest.remove_prefix(std::max<std::size_t>(bytes, 1));
  }
  return n;
}

TEST(EvaluationTable, StaysInItsColumnsForChineseNamesOfEveryLength) {
  for (int length = 1; length <= 60; ++length) {
    evaluate::evaluation e;
    e.whole_year = true;
    evaluate::indicator_result i;
    for (int k = 0; k < length; ++k) i.level3 += k % 7 == 3 ? "a" : "畅";
    i.target_text = "TARGET";
    e.indicators = {i};
    std::istringstream lines(evaluation_table(e));
    std::size_t found = 0;
    for (std::string line; std::getline(lines, line);)
      if (line.find("TARGET") != std::string::npos) {
        ++found;
        EXPECT_EQ(columns(line, "TARGET"), 35U) << line;
      }
    EXPECT_EQ(found, 1U);
  }
}

TEST_F(Evaluation, OfThe2023ReportsOwnFiguresGives9998) {
  auto o = options("2023-case.yaml");
  o.final = true;
  const said s = evaluated(o);
  EXPECT_EQ(s.code, exit_ok) << s.error;
  EXPECT_THAT(s.out, HasSubstr("总分 99.98（优）"));
  const auto all = json();
  EXPECT_EQ(all.at("total").as_string(), "99.98");
  EXPECT_EQ(all.at("grade").as_string(), "优");
  EXPECT_EQ(all.at("execution").at("rate").as_string(), "99.83");
  EXPECT_EQ(all.at("execution").at("score").as_string(), "9.98");
  EXPECT_EQ(all.at("indicators").as_array().size(), 27U);
  EXPECT_THAT(s.out, HasSubstr("个指标为申报数，未附证据"));
}

TEST_F(Evaluation, OfTheOtherAmountOf2023GivesTheSameTotalAndNotTheSameRate) {
  put(folder_of_plans / "other.yaml",
      with(text_of(plans_folder / "2023-case.yaml"), "executed: 919.94", "executed: 919.47"));
  EXPECT_EQ(evaluated(options("other.yaml")).code, exit_ok);
  EXPECT_EQ(json().at("total").as_string(), "99.98");
  EXPECT_EQ(json().at("execution").at("rate").as_string(), "99.78");
}

TEST_F(Evaluation, WithoutALedgerMeasuredFiguresLackEvidenceAndNothingIsFinal) {
  auto o = options("sichuan.yaml");
  EXPECT_EQ(evaluated(o).code, exit_ok);
  EXPECT_TRUE(json().at("total").is_null());
  EXPECT_EQ(text("lines", "actual"), "证据不足");
  fs::remove_all(out());
  o.final = true;
  const said s = evaluated(o);
  EXPECT_EQ(s.code, exit_no);
  EXPECT_THAT(s.error, HasSubstr("不能定稿"));
  EXPECT_FALSE(fs::exists(out())) << "a refused form leaves no file behind";
}

TEST_F(Evaluation, CountsAccessLogsPlainAndCompressedAndSaysWhichAreDamaged) {
  const auto line = [](const char* time, const char* path) {
    return fmt::format("198.51.100.7 - - [{} +0800] \"GET {} HTTP/1.1\" 200 5 \"-\" \"Mozilla/5.0\"\n", time, path);
  };
  put(folder_of_plans / "access.log", line("02/May/2026:10:00:00", "/") + line("02/May/2026:10:00:02", "/logo.png"));
  const gzFile packed = gzopen((folder_of_plans / "access.log.1.gz").c_str(), "wb");
  const std::string older = line("01/May/2026:10:00:00", "/a.html") + line("01/May/2026:12:00:00", "/b.html");
  gzwrite(packed, older.data(), static_cast<unsigned>(older.size()));
  gzclose(packed);
  const std::string plan =
      "year: 2026\nproject: 网\nexecution: { weight: 10, rows: [ { name: 总额, full_year: 1, executed: 1 } ] "
      "}\nlevels: [ { "
      "name: 产出, weight: 90, groups: [ { name: 数量, indicators: [ { id: v, name: 访问, target: ≥3次, weight: 90, "
      "source: { "
      "kind: counter, logs: [access.log.1.gz, access.log], count: visits } } ] } ] } ]\n";
  put(folder_of_plans / "logs.yaml", plan);
  EXPECT_EQ(evaluated(options("logs.yaml")).code, exit_ok);
  EXPECT_EQ(text("v", "actual"), "3次");
  EXPECT_THAT(text_of(out() / "evidence/v.html"), HasSubstr("页面浏览 3 次，访问 3 次"));
  const std::string whole = text_of(folder_of_plans / "access.log.1.gz");
  put(folder_of_plans / "access.log.1.gz", whole.substr(0, whole.size() - 6));
  EXPECT_EQ(evaluated(options("logs.yaml")).code, exit_ok);
  EXPECT_EQ(text("v", "actual"), "证据不足");
  EXPECT_THAT(text_of(out() / "evidence/v.html"), HasSubstr("压缩文件不完整"));
}

TEST_F(Evaluation, OfAWrongPlanSaysWhereAndWritesNothing) {
  put(folder_of_plans / "wrong.yaml", with(text_of(plans_folder / "sichuan.yaml"), "weight: 10", "weight: 11"));
  const said s = evaluated(options("wrong.yaml"));
  EXPECT_EQ(s.code, exit_no);
  EXPECT_THAT(s.error, HasSubstr("wrong.yaml:9:3: 分值合计为 101"));
  EXPECT_FALSE(fs::exists(out()));
}

/** 2026: three lines and the portal. V0102 is down for three hours in May; the monitor stands still for two hours in
 * August; somebody is on duty every day but one. */
struct Year2026 : Evaluation {
  Year2026() {
    config +=
        "sites: [ { id: portal, name: 区政府门户网站, url: \"http://192.0.2.80/\", interval: 60s } ]\n"
        "anchors: [192.0.2.250, 192.0.2.251]\n";
    lines =
        "id,name,category,town,carrier,address,parent,accepted,closed,checks\n"
        "T01,龙河镇政府,township,龙河镇,电信,192.0.2.1,,2024-01-01,,icmp\n"
        "V0101,东村村委会,village,龙河镇,电信,192.0.2.2,,2026-03-15,,icmp\n"
        "V0102,西村村委会,village,龙河镇,移动,192.0.2.3,,2024-01-01,,icmp\n";
  }
  static std::string range(const std::string& target, const std::string& check, int every_s) {
    return fmt::format(
        R"({{"from":"2026-01-01T00:00:00+08:00","to":"2027-01-01T00:00:00+08:00","every_s":{},"target":"{}","check":"{}","outcome":"good"}})",
        every_s, target, check);
  }
  static std::string sample(const std::string& at, const char* outcome) {
    return fmt::format(R"({{"at":"{}","target":"V0102","check":"icmp","outcome":"{}"}})", at, outcome);
  }

  void SetUp() override {
    std::vector<std::string> trace{R"({"at":"2026-01-01T00:00:00+08:00","monitor":"start"})", range("*", "icmp", 10),
                                   range("*", "http", 60)};
    for (int s = 0; s < 3 * 3600; s += 10)
      trace.push_back(
          sample(fmt::format("2026-05-10T{:02}:{:02}:{:02}+08:00", 8 + s / 3600, s / 60 % 60, s % 60), "bad"));
    for (int s = 0; s < 60; s += 10) trace.push_back(sample(fmt::format("2026-05-10T11:00:{:02}+08:00", s), "good"));
    trace.emplace_back(R"({"at":"2026-08-01T00:00:00+08:00","monitor":"stop"})");
    trace.emplace_back(R"({"at":"2026-08-01T02:00:00+08:00","monitor":"start"})");
    trace.emplace_back(R"({"at":"2027-01-01T00:00:00+08:00","monitor":"stop"})");
    play(trace);
    write_duty();
  }

  void write_duty() {
    auto w = ledger::writer::open(ledger()).value();
    const auto zone = civil_zone::named("Asia/Shanghai").value();
    const period year = zone.parse_period("2026").value();
    ledger_batch duty{.heartbeat = year.to, .records = {}, .memory = {}};
    for (const period& day : zone.split(year, civil_zone::unit::day)) {
      const std::string key = zone.key(day.from, civil_zone::unit::day);
      if (key != "2026-10-01") duty.records.emplace_back(duty_record{year.to, key, "王工", "duty.csv", "王工", ""});
    }
    ASSERT_TRUE(w->commit(duty));
    ASSERT_TRUE(w->stop(year.to));
  }

  [[nodiscard]] evaluate_options options_2026() const {
    auto o = options("example-2026.yaml");
    o.ledger = ledger();
    return o;
  }
};

TEST_F(Year2026, TheTreeOf2023OverTheBooksGivesHonestFigures) {
  const said s = evaluated(options_2026());
  EXPECT_EQ(s.code, exit_ok) << s.error;
  // T01 and V0102 have 8760 h each, V0101 292 days = 7008 h: 24528 h, less 3 h down, 3 × 2 h unknown
  EXPECT_EQ(text("lines", "actual"), "99.98776%（按下限 99.96330% 计分）");
  EXPECT_EQ(text("lines", "score"), "6.00");
  EXPECT_EQ(text("ops", "actual"), "363天") << "not 365: one day without duty, one with too little coverage";
  EXPECT_EQ(text("ops", "score"), "4.97");
  EXPECT_EQ(text("sites", "actual"), "未观测到中断（下限 99.97716%，未观测 2:00:00）");
  EXPECT_EQ(text("repair", "actual"), "3小时");
  EXPECT_EQ(text("openings", "actual"), "100.00%");
  EXPECT_EQ(text("zones", "actual"), "1个");
  EXPECT_EQ(text("followers", "actual"), "11.85万人次");
  EXPECT_EQ(text("clicks", "actual"), "11.7819万次");
  EXPECT_EQ(text("satisfaction", "actual"), "83.33%");
  EXPECT_EQ(text("satisfaction", "score"), "7.02");
  EXPECT_EQ(text("basis", "actual"), "证据不足") << "the file of its verdict is not there";
  EXPECT_TRUE(json().at("total").is_null());
  EXPECT_THAT(s.out, HasSubstr("服务对象满意度（satisfaction）：须填写偏差原因分析及改进措施"));
}

TEST_F(Year2026, EachIndicatorHasItsEvidenceWithJournalAndSeal) {
  ASSERT_EQ(evaluated(options_2026()).code, exit_ok);
  const std::string page = text_of(out() / text("lines", "evidence"));
  for (const char* part : {"R1 = ΣU/Σ(U+D)", "88268400000 毫秒", "T01 龙河镇政府", "中断 V0102：2026-05-10 08:00:00",
                           "计 3:00:00", "账本条目 1–", "封存 365 天", "未观测 K", "changtong "})
    EXPECT_THAT(page, HasSubstr(part));
  const std::string survey = text_of(out() / text("satisfaction", "evidence"));
  EXPECT_THAT(survey, HasSubstr("有效答卷 12 份"));
  EXPECT_THAT(survey, HasSubstr("调查日期 2026-11-02 至 2026-11-05"));
}

/** What the example still lacks: documents with verdicts, and reasons. */
std::string completed(std::string plan, const fs::path& folder) {
  std::istringstream lines(plan);
  std::string out, line;
  while (std::getline(lines, line)) {
    const auto files = line.find("files: [");
    if (files != std::string::npos && line.find(".pdf") != std::string::npos) {
      const auto end = line.find(']', files);
      put(folder / line.substr(files + 8, end - files - 8), "%PDF-1.4 x");
      const auto weight = line.find("weight: ");
      if (line.find("kind: document") != std::string::npos && line.find("verdict") == std::string::npos)
        line.insert(end + 1, fmt::format(", verdict: {{ by: 张三, on: 2026-12-30, tier: reached, points: {} }}",
                                         line.substr(weight + 8, 1)));
    }
    for (const char* id : {"id: satisfaction,", "id: tasks,"})
      if (const auto at = line.find(id); at != std::string::npos) line.insert(at, "reason: 说明原因与改进措施, ");
    if (line.find("id: ops") != std::string::npos)
      line += "\n            reason: 国庆日漏登值班，8 月 1 日监测停机两小时";
    out += line + "\n";
  }
  for (const char* name : {"任务清单.csv", "新媒体台账.csv"}) put(folder / "example-2026" / name, "a\n");
  return out;
}

TEST_F(Year2026, WithDocumentsVerdictsAndReasonsItIsFinalAndNextYearComparesWithIt) {
  put(folder_of_plans / "whole.yaml", completed(text_of(plans_folder / "example-2026.yaml"), folder_of_plans));
  auto o = options("whole.yaml");
  o.ledger = ledger();
  o.final = true;
  const said s = evaluated(o);
  EXPECT_EQ(s.code, exit_ok) << s.out << s.error;
  EXPECT_TRUE(json().at("final").as_bool());
  // 100 less 0.10 of execution (891/900), 0.03 of operation, 0.98 of satisfaction
  EXPECT_EQ(json().at("total").as_string(), "98.89");
  put(folder_of_plans / "last.json", with(text_of(out() / "evaluation.json"), R"("year":"2026")", R"("year":"2025")"));
  o.final = false;
  o.before = (folder_of_plans / "last.json").string();
  ASSERT_EQ(evaluated(o).code, exit_ok);
  EXPECT_EQ(text("ops", "before"), "363天");
}

TEST_F(Year2026, APersonLetsABlockPassWithNameAndReason) {
  auto o = options_2026();
  ASSERT_EQ(evaluated(o).code, exit_ok);
  const std::size_t blocks = json().at("blocking").as_array().size();
  ASSERT_GE(blocks, 2U);
  o.final = true;
  for (std::size_t n = 1; n < blocks; ++n) o.overrides.push_back(std::to_string(n) + ":张三:材料已补交");
  EXPECT_EQ(evaluated(o).code, exit_no) << "one is left";
  o.overrides.push_back(std::to_string(blocks) + ":李四:已书面说明");
  const said s = evaluated(o);
  EXPECT_EQ(s.code, exit_ok) << s.error;
  EXPECT_THAT(s.out, HasSubstr("（李四：已书面说明）"));
  EXPECT_EQ(json().at("overridden").as_array().size(), blocks);
  EXPECT_EQ(json().at("overridden").at(0).at("by").as_string(), "张三");
  for (const char* wrong : {"99:张三:理由", "张三:理由", "1:张三:", "1::理由", "0:张三:理由"}) {
    o.overrides = {wrong};
    EXPECT_EQ(evaluated(o).code, exit_usage) << wrong;
  }
}

TEST_F(Year2026, InJuneTheOfficeSeesDecember) {
  auto o = options_2026();
  o.as_of = "2026-06-30";
  const said s = evaluated(o);
  EXPECT_EQ(s.code, exit_ok) << s.error;
  EXPECT_FALSE(json().at("whole_year").as_bool());
  EXPECT_EQ(text("ops", "actual"), "181天");
  EXPECT_EQ(text("ops", "forecast_score"), "5.00");
  EXPECT_EQ(text("clicks", "actual"), "6.004万次");
  EXPECT_THAT(text("clicks", "forecast"), HasSubstr("预计 12.10751万次（按已过 181 天线性外推至全年 365 天）"));
  EXPECT_EQ(text("clicks", "light"), "green");
  EXPECT_EQ(text("lines", "actual"), "99.97340%");
  EXPECT_EQ(json().at("execution").at("forecast_score").as_string(), "10.00") << "891 by June, 900 are there";
  o.final = true;
  EXPECT_EQ(evaluated(o).code, exit_no) << "a mid-year export is never the form";
  o.as_of = "2025-06-30";
  EXPECT_EQ(evaluated(o).code, exit_usage);
}

TEST_F(Year2026, AChangedLedgerIsNeverFinal) {
  {
    std::fstream file(ledger(), std::ios::in | std::ios::out | std::ios::binary);
    std::string all(std::istreambuf_iterator<char>(file), {});
    const auto at = all.rfind("龙河镇政府");
    ASSERT_NE(at, std::string::npos);
    file.clear();
    file.seekp(static_cast<std::streamoff>(at));
    file << "龙河镇正府";
  }
  const said s = evaluated(options_2026());
  EXPECT_EQ(s.code, exit_ok) << s.error;
  EXPECT_THAT(s.out, HasSubstr("账本未通过核验"));
}

TEST_F(Year2026, HubeisTwentyPointsAndSichuansNinety) {
  auto o = options("hubei.yaml");
  o.ledger = ledger();
  ASSERT_EQ(evaluated(o).code, exit_ok);
  EXPECT_EQ(json().at("execution").at("score").as_string(), "19.60");
  EXPECT_EQ(json().at("execution").at("weight").as_string(), "20");
  EXPECT_EQ(text("lines", "actual"), "100%") << "R4: each line reaches 99.5 %, also by its lower bound";
  EXPECT_EQ(json().at("total").as_string(), "99.49");
  o = options("sichuan.yaml");
  o.ledger = ledger();
  o.final = true;
  const said s = evaluated(o);
  EXPECT_EQ(s.code, exit_ok) << s.out;
  EXPECT_EQ(json().at("execution").at("denominator").as_string(), "调整后预算数");
  EXPECT_EQ(json().at("execution").at("rate").as_string(), "89.02");
  EXPECT_EQ(text("lines", "score"), "90.00");
  EXPECT_EQ(json().at("total").as_string(), "98.90");
}

}  // namespace
}  // namespace changtong
