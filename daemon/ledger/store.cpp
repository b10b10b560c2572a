#include "daemon/ledger/store.h"

#include <fmt/format.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

#include "daemon/core/log.h"
#include "daemon/core/system_words.h"
#include "daemon/host/plain_file.h"
#include "daemon/ledger/plain_tables.h"
#include "daemon/ledger/schema.h"

namespace changtong::ledger {
namespace {

constexpr int most_idle_cache = 4 << 20;  // bytes

std::string file_of(sqlite3* connection) {
  const char* name = sqlite3_db_filename(connection, "main");
  return name == nullptr ? std::string() : std::string(name);
}

/** SQLite's own failure, in its own words; `code` says what it means to a person. */
struct sqlite_failure : std::runtime_error {
  sqlite_failure(sqlite3* connection, int what)
      : std::runtime_error(sqlite3_errmsg(connection)), code(what), file(file_of(connection)) {}
  int code;          ///< without the extension: SQLITE_FULL, SQLITE_BUSY …
  std::string file;  ///< whose; empty: of no file
};

constexpr int busy_timeout_ms = 500;  // commits that fail for 2 s are announced unrecorded; several tries fit into that

// SQLITE_TRANSIENT without its C cast: SQLite copies what is bound.
const auto copied = reinterpret_cast<sqlite3_destructor_type>(std::intptr_t{-1});

bool can_write_beside(const std::string& path) {
  const auto folder = std::filesystem::path(path).parent_path();
  return ::access(folder.empty() ? "." : folder.c_str(), W_OK) == 0;
}

/** Its last commits stand in the log alone, and SQLite cannot read a log without a file of its own beside it. */
std::string copied_with_log(const std::string& path, std::string& folder) {
  std::string name = (std::filesystem::temp_directory_path() / "changtong-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr)
    throw refusal(both("账本 {} 所在目录不可写，临时副本也建不了：{}",
                       "no temporary copy of the ledger {} can be made: {}", path, system_words(errno)));
  folder = name;
  for (const char* part : {"", "-wal"}) {
    std::error_code failed;
    std::filesystem::copy_file(path + part, name + "/ledger" + part, failed);
    if (failed)
      throw refusal(both("账本 {} 的临时副本写不了：{}", "the temporary copy of the ledger {} cannot be written: {}",
                         path, system_words(failed.value())));
  }
  log::warn(
      "账本 {} 所在目录不可写，且有未并入的日志：读取的是 {} 里的副本 / the ledger's folder cannot be written and its "
      "log is not in the file yet: a temporary copy is read",
      path, name);
  return name + "/ledger";
}

/** What SQLite is to open for reading. A log needs files beside the ledger; where none can be made nobody writes it
 * from here either, and the file is read as it is, unless a log lies there that has not been moved into it. */
std::string readable(const std::string& path, std::string& folder_of_copy) {
  struct stat wal{}, index{};
  if (can_write_beside(path) || ::access(path.c_str(), R_OK) != 0) return path;
  if (::stat((path + "-wal").c_str(), &wal) == 0 && wal.st_size > 0 && ::access((path + "-shm").c_str(), R_OK) != 0)
    return copied_with_log(path, folder_of_copy);
  if (wal.st_size > 0) return path;
  if (::stat((path + "-shm").c_str(), &index) == 0) return path;  // somebody may be writing
  std::string uri = "file:";
  for (const char c : std::filesystem::absolute(path).string())
    uri += c == '?' || c == '#' || c == '%' ? fmt::format("%{:02X}", static_cast<unsigned>(c)) : std::string(1, c);
  return uri + "?immutable=1";
}

[[noreturn]] void refuse_foreign(const std::string& path) {
  throw refusal(both("{} 不是畅通账本，请核对文件名", "{} is not a Changtong ledger: check the name", path));
}

sqlite3* opened(const std::string& name, int flags) {
  sqlite3* made = nullptr;  // also of one that did not open: it holds why
  const int answer = sqlite3_open_v2(name.c_str(), &made, flags, nullptr);
  if (answer == SQLITE_OK) return made;
  const sqlite_failure why(made, answer);
  sqlite3_close(made);
  throw why;
}

sqlite3_stmt* compiled(sqlite3* connection, const char* sql, unsigned flags) {
  sqlite3_stmt* made = nullptr;
  const int answer = sqlite3_prepare_v3(connection, sql, -1, flags, &made, nullptr);
  if (answer != SQLITE_OK) throw sqlite_failure(connection, answer);
  return made;
}

std::int64_t check_format(store& s, const std::string& path, store::mode m) {
  const std::int64_t id = s.number("PRAGMA application_id");
  const bool empty = s.number("SELECT count(*) FROM sqlite_schema") == 0;
  if (id != application_id && (!empty || m == store::mode::read)) refuse_foreign(path);
  // What stands in the place of another table is named by who compares them (verify), or refused by who reads them.
  if (m == store::mode::read) refuse_what_computes(s, path, "'journal', 'head', 'memory', 'seals'");
  const std::int64_t version = s.number("PRAGMA user_version");
  if (version > format_version)
    throw refusal(both("账本 {} 的格式版本 {} 比本程序（{}）新，请升级程序",
                       "the ledger {} has format {}, newer than this program's ({}): upgrade the program", path,
                       version, format_version));
  if (version < oldest_readable && id == application_id && m == store::mode::read)
    throw refusal(both("账本 {} 的格式版本 {} 较旧：先启动一次监测，或运行 ledger rebuild",
                       "the ledger {} has the older format {}: start the daemon once, or run ledger rebuild", path,
                       version));
  return version;
}

std::int64_t format_of(store& s, const std::string& path, store::mode m) {
  try {
    return check_format(s, path, m);
  } catch (const sqlite_failure& e) {
    if (e.code == SQLITE_NOTADB) refuse_foreign(path);
    throw;
  }
}

void create_tables(store& s) {
  transaction t(s, "BEGIN IMMEDIATE");
  s.execute(journal_schema);
  s.execute(projection_schema().c_str());
  s.execute(fmt::format("PRAGMA application_id={}; PRAGMA user_version={}", application_id, format_version).c_str());
  t.commit();
}

}  // namespace

statement::~statement() { sqlite3_finalize(statement_); }

void statement::check(int answer) const {
  if (answer != SQLITE_OK) throw sqlite_failure(sqlite3_db_handle(statement_), answer);
}

bool statement::step() {
  const int answer = sqlite3_step(statement_);
  if (answer == SQLITE_ROW) return true;
  if (answer != SQLITE_DONE) check(answer);
  return false;
}

void statement::reset() { sqlite3_reset(statement_); }  // it repeats the last step's failure, which was thrown already
std::int64_t statement::integer(int column) const { return sqlite3_column_int64(statement_, column); }
int statement::type(int column) const { return sqlite3_column_type(statement_, column); }
bool statement::is_null(int column) const { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }
void statement::bind(int place, std::int64_t value) { check(sqlite3_bind_int64(statement_, place, value)); }
void statement::bind(int place, std::nullptr_t) { check(sqlite3_bind_null(statement_, place)); }

void statement::bind(int place, std::string_view value) {
  // A null pointer would bind NULL; empty text is text.
  const char* text = value.empty() ? "" : value.data();
  check(sqlite3_bind_text64(statement_, place, text, value.size(), copied, SQLITE_UTF8));
}

void statement::bind(int place, const blob_view& value) {
  check(sqlite3_bind_blob64(statement_, place, value.bytes.data(), value.bytes.size(), copied));
}

std::string_view statement::text(int column) const {
  const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement_, column));
  if (bytes == nullptr) return {};
  return {bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

cause statement::why(int column) {
  const std::string_view name = text(column);
  if (name != name_of(last_)) last_ = cause_named(name).value_or(cause::none);
  return last_;
}

int statement::finish() {
  while (step()) {
  }
  const int changed = sqlite3_changes(sqlite3_db_handle(statement_));
  reset();
  return changed;
}

void store::closed::operator()(sqlite3* s) const { sqlite3_close(s); }

store::store(const std::string& path, mode m) {
  if (m == mode::scratch) {
    database_.reset(opened("", SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE));
    format_ = format_version;
    execute("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-4096");
    execute(projection_schema().c_str());
    return;
  }
  if (m == mode::write && !host::plain_file_exists(path)) close_ledger_file(open_ledger_file(path));
  if (const auto plain = host::is_plain_file(path); !plain)  // SQLite would wait for who writes into a pipe
    throw refusal(both("账本 {} 打不开：{}", "cannot open the ledger {}: {}", path, words_of(plain.error())));
  const std::string name = m == mode::write ? path : readable(path, copied_.path);
  const int flags = (m == mode::write ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY) | SQLITE_OPEN_NOMUTEX |
                    (name.starts_with("file:") ? SQLITE_OPEN_URI : 0);
  database_.reset(opened(name, flags));
  sqlite3_busy_timeout(database_.get(), busy_timeout_ms);
  sqlite3_db_config(database_.get(), SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  format_ = format_of(*this, path, m);
  if (m == mode::read) return;
  execute(
      "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=0;"
      "PRAGMA journal_size_limit=16777216; PRAGMA cache_size=-16384");
  if (number("PRAGMA application_id") != application_id) create_tables(*this), format_ = format_version;
}

store::~store() {
  prepared_.clear();
  database_.reset();
}

void store::set_format(std::int64_t version) {
  execute(fmt::format("PRAGMA user_version={}", version).c_str());
  format_ = version;
}

void store::execute(const char* sql) {
  const int answer = sqlite3_exec(database_.get(), sql, nullptr, nullptr, nullptr);
  if (answer != SQLITE_OK) throw sqlite_failure(database_.get(), answer);
}

statement& store::prepared(const char* sql) {
  std::unique_ptr<statement>& slot = prepared_[sql];
  if (slot) return *slot;
  slot = std::make_unique<statement>(compiled(database_.get(), sql, SQLITE_PREPARE_PERSISTENT));
  return *slot;
}

std::unique_ptr<statement> store::prepare(const std::string& sql) {
  sqlite3_stmt* raw = nullptr;
  const int answer = sqlite3_prepare_v3(database_.get(), sql.c_str(), -1, 0, &raw, nullptr);
  if (answer == SQLITE_ERROR) return nullptr;
  if (answer != SQLITE_OK) throw sqlite_failure(database_.get(), answer);
  return std::make_unique<statement>(raw);
}

std::int64_t store::number(const char* sql) {
  statement s(compiled(database_.get(), sql, 0));
  return s.step() ? s.integer(0) : 0;
}

bool store::in_transaction() const { return sqlite3_get_autocommit(database_.get()) == 0; }

void store::limit_bytes(std::int64_t bytes) {
  const std::int64_t page = number("PRAGMA page_size");
  const std::int64_t pages = bytes <= 0 ? 0xfffffffe : std::max<std::int64_t>(1, bytes / page);
  (void)number(fmt::format("PRAGMA max_page_count={}", pages).c_str());
}

void store::checkpoint() {
  // Busy or full is no failure here: the log stays and the next checkpoint tries again.
  sqlite3_wal_checkpoint_v2(database_.get(), nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
  int held = 0, most = 0;
  sqlite3_db_status(database_.get(), SQLITE_DBSTATUS_CACHE_USED, &held, &most, 0);
  if (held > most_idle_cache)
    sqlite3_db_release_memory(database_.get());  // a storm filled it; a quiet day needs little
}

/** The read transaction holds the state, so that a writer beside it never makes the copy begin anew. */
bool store::copy_into(const std::string& file, const std::function<bool(std::int64_t, std::int64_t)>& progress) {
  constexpr int pages_a_step = 4096;
  const transaction held(*this, "BEGIN");
  (void)number("SELECT count(*) FROM sqlite_schema");
  const std::unique_ptr<sqlite3, closed> into(opened(file, SQLITE_OPEN_READWRITE));
  sqlite3_backup* copy = sqlite3_backup_init(into.get(), "main", database_.get(), "main");
  if (copy == nullptr) throw sqlite_failure(into.get(), sqlite3_errcode(into.get()));
  int answer = SQLITE_OK;
  bool wanted = true;
  while (wanted && (answer = sqlite3_backup_step(copy, pages_a_step)) == SQLITE_OK)
    wanted = !progress ||
             progress(sqlite3_backup_pagecount(copy) - sqlite3_backup_remaining(copy), sqlite3_backup_pagecount(copy));
  sqlite3_backup_finish(copy);
  if (wanted && answer != SQLITE_DONE) throw sqlite_failure(into.get(), answer);
  // No log beside it: a copy is one file, also where nothing can be written. The next writer wants its log again.
  sqlite3_exec(into.get(), "PRAGMA journal_mode=DELETE", nullptr, nullptr, nullptr);
  return wanted;
}

transaction::transaction(store& s, const char* begin) : store_(s) { store_.execute(begin); }

transaction::~transaction() {
  if (!open_ || !store_.in_transaction()) return;
  try {
    store_.execute("ROLLBACK");
  } catch (const sqlite_failure&) {
    // The connection is broken; the next statement says so. Nothing was committed either way.
  }
}

void transaction::commit() {
  store_.execute("COMMIT");
  open_ = false;
}

problem current_problem() {
  try {
    throw;
  } catch (const refusal& r) {
    return said(r.words());
  } catch (const sqlite_failure& e) {
    const std::string_view why = e.what();
    const phrase what = e.file.empty() ? phrase{"账本", "the ledger"} : both("账本 {} ", "the ledger {}", e.file);
    switch (e.code) {
      case SQLITE_FULL:
        return said(both("账本所在磁盘已满，请腾出空间，之后自动补记（{}）",
                         "the ledger's disk is full: free space, it will be recorded then ({})", why));
      case SQLITE_BUSY:
      case SQLITE_LOCKED:
        return said(
            both("{}被其他程序锁住，请结束该程序（{}）", "{} is locked by another program: end it ({})", what, why));
      case SQLITE_CORRUPT:
      case SQLITE_NOTADB:
        return said(
            both("{}已损坏，请停止服务并从备份恢复（{}）", "{} is damaged: stop and restore a backup ({})", what, why));
      case SQLITE_CANTOPEN:
      case SQLITE_PERM:
      case SQLITE_READONLY:
        return said(
            both("{}打不开，请检查路径与权限（{}）", "cannot open {}: check its path and permission ({})", what, why));
      default:
        return said(
            both("{}读写失败，请检查磁盘（{}）", "{} cannot be read or written: check the disk ({})", what, why));
    }
  }
}

bool is_damage() {
  try {
    throw;
  } catch (const sqlite_failure& e) {
    return e.code == SQLITE_CORRUPT || e.code == SQLITE_NOTADB;
  } catch (...) {
    return false;
  }
}

}  // namespace changtong::ledger
