// Functions: how long one may be, and that each that a header declares is called. Read without a compiler: comments,
// strings and preprocessor lines are taken out, then braces are counted. That is enough for code that one formatter has
// set, and the last tests show what it sees. Lists of exceptions only shrink: a line that is no longer needed fails.
#include <gtest/gtest.h>

#include <cctype>
#include <map>
#include <set>

#include "tests/sources.h"

namespace changtong::shape {
namespace {

constexpr std::size_t most_lines = 60;

/** Longer than 60 lines, each for a reason. */
const std::map<std::string, std::string> long_functions{
    {"daemon/settings/compare.cpp: keys", "every key of the settings once, in their order"},
};

/** Declared in a header and called by no production code, each for a reason. */
const std::map<std::string, std::string> uncalled{
    {"throw_exception_from_error", "Boost.System finds it by the type of its argument"},
    {"forget_statements", "tests change a ledger's tables beneath an open store"},
    {"has_figures", "tests wait for the first figures"},
};

struct function {
  std::string name;  // with its class where the text has it
  std::size_t first = 0, last = 0;
  bool defined = false;
};

bool in_name(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

/** Comments, literals and preprocessor lines become nothing; lines stay where they are. */
class plainer {
 public:
  explicit plainer(const std::string& text) : text_(text) {}
  std::string plain() && {
    while (at_ < text_.size()) step();
    return std::move(out_);
  }
  /** Bodies of macros, where names are used too. */
  std::string macros() && {
    while (at_ < text_.size()) step();
    return std::move(macros_);
  }

 private:
  void step() {
    if (text_.compare(at_, 2, "//") == 0) return skip_to(text_.find('\n', at_));
    if (text_.compare(at_, 2, "/*") == 0) return skip_to(after(text_.find("*/", at_ + 2), 2));
    if (text_.compare(at_, 2, "R\"") == 0 && !in_name(before())) return raw();
    if (text_[at_] == '"' || (text_[at_] == '\'' && !in_name(before()))) return literal();
    if (text_[at_] == '#' && line_begins_) return directive();
    const char c = text_[at_++];
    line_begins_ = c == '\n' || (line_begins_ && std::isspace(static_cast<unsigned char>(c)) != 0);
    out_ += c;
  }
  void skip_to(std::size_t end) {
    end = std::min(end, text_.size());
    out_.append(static_cast<std::size_t>(std::count(text_.begin() + long(at_), text_.begin() + long(end), '\n')), '\n');
    at_ = end;
  }
  void raw() {
    const std::string mark = text_.substr(at_ + 2, text_.find('(', at_) - at_ - 2);
    out_ += '0';
    skip_to(after(text_.find(")" + mark + "\"", at_), mark.size() + 2));
  }
  void literal() {
    const char quote = text_[at_++];
    while (at_ < text_.size() && text_[at_] != quote) at_ += text_[at_] == '\\' ? 2 : 1;
    ++at_;
    out_ += '0';
  }
  void directive() {
    std::size_t end = at_;
    do end = std::min(text_.find('\n', end + 1), text_.size());
    while (end < text_.size() && text_[end - 1] == '\\');
    if (text_.compare(at_, 7, "#define") == 0) macros_ += text_.substr(at_, end - at_) + '\n';
    skip_to(end);
  }
  [[nodiscard]] char before() const { return at_ == 0 ? ' ' : text_[at_ - 1]; }
  static std::size_t after(std::size_t found, std::size_t length) {
    return found == std::string::npos ? found : found + length;
  }

  const std::string& text_;
  std::string out_, macros_;
  std::size_t at_ = 0;
  bool line_begins_ = true;
};

/** What stands between the last statement and a brace or semicolon, without attributes and `template <…>`. */
std::string head_of(std::string head) {
  for (std::size_t at = 0; (at = head.find("[[")) != std::string::npos;) head.erase(at, head.find("]]", at) + 2 - at);
  head.erase(0, std::min(head.find_first_not_of(" \n"), head.size()));
  if (!head.starts_with("template")) return head;
  int depth = 0;
  for (std::size_t i = head.find('<'); i < head.size(); ++i) {
    if (head[i] == '<') ++depth;
    if (head[i] == '>' && --depth == 0) return head_of(head.substr(i + 1));
  }
  return head;
}

/** The name before the first parenthesis; empty: this is no function. */
std::string function_named(const std::string& head) {
  for (const char* other : {"using ", "typedef ", "static_assert", "return ", "concept "})
    if (head.starts_with(other)) return {};
  for (std::size_t open = head.find('('); open != std::string::npos; open = head.find('(', open + 1)) {
    if (head.rfind('=', open) != std::string::npos && head.find("operator") == std::string::npos) return {};
    std::size_t end = open;
    while (end > 0 && head[end - 1] == ' ') --end;
    std::size_t begin = end;
    while (begin > 0 && (in_name(head[begin - 1]) || head[begin - 1] == ':' || head[begin - 1] == '~')) --begin;
    if (begin < end) return head.substr(begin, end - begin);
  }
  return {};
}

bool opens_a_class(const std::string& head) {
  for (const char* word : {"class ", "struct ", "enum ", "union "})
    if (head.starts_with(word)) return true;
  return false;
}

/** Walks through plain text: functions at the level of namespaces and classes, declared or defined. */
class finder {
 public:
  explicit finder(const std::string& plain) : text_(plain) {}
  std::vector<function> found() && {
    for (at_ = 0; at_ < text_.size(); ++at_) step(text_[at_]);
    return std::move(out_);
  }

 private:
  enum class scope { space, type, function, other };
  struct open_brace {
    scope what;
    std::string head;
    std::size_t begin, line, parentheses;
  };

  void step(char c) {
    if (c == '\n') ++line_;
    if (c == '(' || c == '[') ++parentheses_;
    if ((c == ')' || c == ']') && parentheses_ > 0) --parentheses_;
    if (c == '{') open();
    if (c == '}' && !open_.empty()) close();
    if (c == ';' && parentheses_ == 0 && outside()) declared();
    if (c == ':' && outside() && is_access()) begin_ = at_ + 1;
  }
  [[nodiscard]] bool outside() const {
    return std::all_of(open_.begin(), open_.end(),
                       [](const open_brace& o) { return o.what == scope::space || o.what == scope::type; });
  }
  [[nodiscard]] bool is_access() const {
    const std::string head = head_of(text_.substr(begin_, at_ - begin_));
    return head == "public" || head == "private" || head == "protected";
  }
  [[nodiscard]] std::size_t first_line() const {
    const std::size_t begin = std::min(text_.find_first_not_of(" \n", begin_), at_);
    return line_ - static_cast<std::size_t>(std::count(text_.begin() + long(begin), text_.begin() + long(at_), '\n'));
  }
  void open() {
    open_brace o{scope::other, head_of(text_.substr(begin_, at_ - begin_)), begin_, first_line(), parentheses_};
    if (parentheses_ == 0 && outside()) {
      if (o.head.starts_with("namespace") || o.head.starts_with("inline namespace") || o.head.starts_with("extern 0"))
        o.what = scope::space;
      else if (opens_a_class(o.head))
        o.what = scope::type;
      else if (!function_named(o.head).empty())
        o.what = scope::function;
    }
    parentheses_ = 0;
    if (o.what == scope::space || o.what == scope::type) begin_ = at_ + 1;
    open_.push_back(std::move(o));
  }
  void close() {
    const open_brace o = std::move(open_.back());
    open_.pop_back();
    parentheses_ = o.parentheses;
    if (o.what == scope::space || o.what == scope::type) begin_ = at_ + 1;
    if (o.what != scope::function) return;
    const std::size_t next = text_.find_first_not_of(" \n", at_ + 1);
    if (next != std::string::npos && (text_[next] == ',' || text_[next] == '{')) return;  // a member's initial value
    out_.push_back({function_named(o.head), o.line, line_, true});
    begin_ = at_ + 1;
  }
  void declared() {
    if (const std::string name = function_named(head_of(text_.substr(begin_, at_ - begin_))); !name.empty())
      out_.push_back({name, first_line(), line_, false});
    begin_ = at_ + 1;
  }

  const std::string& text_;
  std::size_t at_ = 0, begin_ = 0, line_ = 1, parentheses_ = 0;
  std::vector<open_brace> open_;
  std::vector<function> out_;
};

std::vector<function> functions_in(const std::string& text) {
  const std::string plain = plainer(text).plain();
  return finder(plain).found();
}

std::string last_part(const std::string& name) {
  const std::size_t colon = name.rfind(':');
  return colon == std::string::npos ? name : name.substr(colon + 1);
}

/** Of every name: how often it stands in the text other than where a function of that name is declared or defined. */
std::map<std::string, int> uses_in(const std::vector<source_file>& files) {
  std::map<std::string, int> uses;
  for (const source_file& file : files) {
    const std::string text = plainer(file.text).plain() + plainer(file.text).macros();
    for (std::size_t i = 0; i < text.size();) {
      std::size_t end = i;
      while (end < text.size() && in_name(text[end])) ++end;
      if (end > i) ++uses[text.substr(i, end - i)];
      i = std::max(end, i + 1);
    }
    for (const function& f : functions_in(file.text)) --uses[last_part(f.name)];
  }
  return uses;
}

std::set<std::string> long_in(const std::vector<source_file>& files) {
  std::set<std::string> out;
  for (const source_file& file : files)
    for (const function& f : functions_in(file.text))
      if (f.defined && f.last - f.first + 1 > most_lines) out.insert(file.path + ": " + f.name);
  return out;
}

/** The names of functions that headers declare and nobody calls. */
std::set<std::string> uncalled_in(const std::vector<source_file>& files) {
  auto uses = uses_in(files);
  std::set<std::string> out;
  for (const source_file& file : files)
    if (file.path.ends_with(".h"))
      for (const function& f : functions_in(file.text))
        if (const std::string name = last_part(f.name); !name.starts_with('~') && uses[name] <= 0) out.insert(name);
  return out;
}

/** collectors/kinds.def makes their names. */
bool is_of_a_kind(const std::string& name) {
  static const std::string kinds = read(std::filesystem::path(CHANGTONG_SOURCE_DIR) / "collectors/kinds.def");
  const std::size_t end = name.rfind("_kind");
  return end != std::string::npos && kinds.find("KIND(" + name.substr(0, end) + ",") != std::string::npos;
}

TEST(Functions, AreAtMostSixtyLinesLong) {
  const auto found = long_in(sources());
  for (const std::string& f : found)
    EXPECT_TRUE(long_functions.contains(f)) << f << " is longer than " << most_lines << " lines";
  for (const auto& [f, reason] : long_functions)
    EXPECT_TRUE(found.contains(f)) << f << " has become short: take it off the list";
}

TEST(Functions, ThatAHeaderDeclaresAreCalled) {
  const auto found = uncalled_in(sources());
  for (const std::string& f : found)
    EXPECT_TRUE(uncalled.contains(f) || is_of_a_kind(f))
        << f << " is declared in a header and called by no production code";
  for (const auto& [f, reason] : uncalled)
    EXPECT_TRUE(found.contains(f)) << f << " is called or gone: take it off the list";
}

// The checker itself.

TEST(FunctionsChecker, ReadsTheWholeHouse) {
  std::size_t defined = 0;
  for (const source_file& file : sources())
    for (const function& f : functions_in(file.text)) defined += f.defined ? 1U : 0U;
  EXPECT_GT(defined, 2'500U);
}

TEST(FunctionsChecker, SeesALongFunctionInAnyDress) {
  const std::string body(59, '\n');
  for (const std::string& head : std::vector<std::string>{
           "namespace a {\nint f(int x) {", "struct s {\n  [[nodiscard]] int f() const {",
           "template <class T, class U = std::vector<T>>\nauto f(T t) -> U {", "s::f() : a_(1), b_{2} {",
           "bool f(const char* text = \"}\") {", "/* { */ void f(std::function<void(int)> g) {"}) {
    const auto found = long_in({{"x.cpp", head + body + " if (x) { y(); } // }\n}\n"}});
    EXPECT_EQ(found.size(), 1U) << head;
    EXPECT_TRUE(found.empty() || found.begin()->ends_with("f")) << head;
  }
  EXPECT_TRUE(long_in({{"x.cpp", "int f() {" + body + "}\n"}}).empty()) << "sixty lines are not too many";
  EXPECT_TRUE(long_in({{"x.cpp", "const table t{{f(), 1}," + body + body + "};\n"}}).empty())
      << "a table is no function";
}

TEST(FunctionsChecker, SeesWhatNobodyCalls) {
  const source_file header{
      "x.h", "namespace a {\nint asked();\nint dead(int);\nstruct s {\n  void gone() { }\n  void used();\n};\n}\n"};
  const source_file source{
      "x.cpp", "// dead()\nint dead(int x) { return x; }\nvoid s::used() { asked(); }\nint main() { s().used(); }\n"};
  EXPECT_EQ(uncalled_in({header, source}), (std::set<std::string>{"dead", "gone"}));
}

TEST(FunctionsChecker, AMacroCallsToo) {
  EXPECT_TRUE(uncalled_in({{"x.h", "int f();\n#define CALL \\\n  f()\n"}}).empty());
}

}  // namespace
}  // namespace changtong::shape
