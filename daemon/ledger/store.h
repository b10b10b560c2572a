#pragma once
/** The one door to SQLite: a connection, its prepared statements, and what its failures mean to a
 * person. Internal to daemon/ledger; a store belongs to one thread. Failures are thrown inside the folder and become a
 * `problem` at its public border (guarded). */
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "daemon/core/cause.h"
#include "daemon/core/instant.h"
#include "daemon/core/result.h"
#include "daemon/host/scratch.h"
#include "daemon/ledger/lock.h"
#include "daemon/ledger/refusal.h"

struct sqlite3;
struct sqlite3_stmt;

namespace changtong::ledger {

/** Prepared. What it returns lives until the next step or reset. Columns count from 0, parameters from 1. */
class statement {
 public:
  /** Takes the handle over. */
  explicit statement(sqlite3_stmt* s) : statement_(s) {}
  ~statement();
  statement(const statement&) = delete;
  statement& operator=(const statement&) = delete;

  /** Rewinds and binds; then step() until it says false. */
  template <class... A>
  statement& rows(const A&... arguments) {
    reset();
    int place = 0;
    (bind(++place, arguments), ...);
    return *this;
  }
  /** Binds and runs to the end; returns the number of rows it changed. */
  template <class... A>
  int run(const A&... arguments) {
    rows(arguments...);
    return finish();
  }
  [[nodiscard]] bool step();
  void reset();

  [[nodiscard]] std::int64_t integer(int column) const;
  [[nodiscard]] std::string_view text(int column) const;  ///< also the bytes of a blob
  [[nodiscard]] bool is_null(int column) const;
  [[nodiscard]] int type(int column) const;  ///< SQLite's: 1 integer, 2 real, 3 text, 4 blob, 5 null
  [[nodiscard]] wall_t instant(int column) const { return wall_from_ms(integer(column)); }
  [[nodiscard]] cause why(int column);  ///< cause::none for a name this program does not know

 private:
  friend class store;
  struct blob_view {
    std::string_view bytes;
  };
  void bind(int place, std::int64_t value);
  void bind(int place, int value) { bind(place, std::int64_t{value}); }
  void bind(int place, wall_t value) { bind(place, ms_of(value)); }
  void bind(int place, cause value) { bind(place, name_of(value)); }
  void bind(int place, std::string_view value);
  void bind(int place, const std::string& value) { bind(place, std::string_view(value)); }
  void bind(int place, const char* value) { bind(place, std::string_view(value)); }
  void bind(int place, std::nullptr_t);
  void bind(int place, const blob_view& value);
  int finish();
  void check(int answer) const;
  sqlite3_stmt* statement_;
  cause last_ = cause::none;  ///< of the last why(): neighbouring rows often share it

 public:
  [[nodiscard]] static blob_view blob(std::string_view bytes) { return {bytes}; }
};

class store {
 public:
  enum class mode { write, read, scratch };
  /** write: creates the file (0640, the folder must exist) and its tables; refuses a file of somebody else or of a
   * newer program. read: the file must be a ledger. scratch: empty projections and nothing else, in memory as long as
   * they are small, then in a nameless temporary file; `path` is ignored. Throws. */
  store(const std::string& path, mode m);
  ~store();
  store(const store&) = delete;
  store& operator=(const store&) = delete;

  /** The file's format; a writer's is the present one once upgrade() is done. */
  [[nodiscard]] std::int64_t format() const { return format_; }
  void set_format(std::int64_t version);
  void execute(const char* sql);
  /** Prepared once and kept; `sql` must be a literal. One user at a time. */
  [[nodiscard]] statement& prepared(const char* sql);
  /** Not kept; null where SQLite refuses the text, because the file has no such table or column. */
  [[nodiscard]] std::unique_ptr<statement> prepare(const std::string& sql);
  [[nodiscard]] std::int64_t number(const char* sql);  ///< first column of the first row
  /** False where SQLite already rolled back by itself, as after a full disk. */
  [[nodiscard]] bool in_transaction() const;
  void limit_bytes(std::int64_t bytes);  ///< 0 = no limit but the disk's
  /** Moves the write-ahead log into the file as far as no reader needs it; never waits. */
  void checkpoint();
  /** One state of it into a file that is there and empty. False if `heard`, which gets pages, stopped it. */
  [[nodiscard]] bool copy_into(const std::string& file, const std::function<bool(std::int64_t, std::int64_t)>& heard);
  void forget_statements() { prepared_.clear(); }

 private:
  host::passing_folder copied_;  ///< a copy of what cannot be read where it lies; goes after the connection
  connection_mark mark_;         ///< likewise
  struct closed {
    void operator()(sqlite3* s) const;
  };
  std::unique_ptr<sqlite3, closed> database_;
  std::int64_t format_ = 0;
  std::unordered_map<const char*, std::unique_ptr<statement>> prepared_;
};

/** begin … commit; rolls back unless committed. */
class transaction {
 public:
  /** `begin`: "BEGIN IMMEDIATE" to write, "BEGIN" to read one state of the books. */
  transaction(store& s, const char* begin);
  ~transaction();
  transaction(const transaction&) = delete;
  transaction& operator=(const transaction&) = delete;
  void commit();

 private:
  store& store_;
  bool open_ = true;
};

/** The exception being handled as a sentence with its remedy; rethrows what is a bug of ours. Call inside catch. */
[[nodiscard]] problem current_problem();
/** True if the exception being handled says that the file itself is damaged. Call inside catch. */
[[nodiscard]] bool is_damage();

/** Runs `f` and turns what the folder throws into a problem. */
template <class F>
auto guarded(F f) -> result<decltype(f())> {
  try {
    return f();
  } catch (...) {
    return current_problem();
  }
}

}  // namespace changtong::ledger
