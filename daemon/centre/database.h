#pragma once
/** A conversation with PostgreSQL: the one door to libpq. Every call has an end: where the server does not answer in
 * time, hangs or goes away, it is a problem, and the conversation is over (good() is false; open another one). What was
 * asked then may have been done or not. One thread. */
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/core/instant.h"
#include "daemon/core/phrase.h"
#include "daemon/core/secret.h"

struct pg_conn;
struct pg_result;

namespace changtong::centre {

/** Where the database is. */
struct database_place {
  std::string connect;  ///< as libpq has it: `host=/run/postgresql dbname=changtong user=changtong`, or an address
  secret password;      ///< may be empty
  /** For each call, and what the server itself gives a statement. Less than a node waits for its answer. */
  milliseconds patience{5'000};
};

/** Of one statement; a cell is its text, none where it is NULL. */
using table_row = std::vector<std::optional<std::string>>;
using table_rows = std::vector<table_row>;
/** What a cell of a column of whole numbers says; 0 for NULL. */
[[nodiscard]] std::int64_t whole_in(const std::optional<std::string>& cell);

class database {
 public:
  /** Connects to a server that may be written to. A place that names a password beside its own is refused. */
  [[nodiscard]] static result<std::unique_ptr<database>> open(const database_place& where);
  ~database();
  database(const database&) = delete;
  database& operator=(const database&) = delete;

  /** One or several statements, parted by semicolons; what each gives. */
  [[nodiscard]] result<std::vector<table_rows>> ask(const std::string& statements);
  /** One statement with values for $1, $2 …, as text. */
  [[nodiscard]] result<table_rows> ask(const std::string& statement, const std::vector<std::string>& values);
  /** `COPY … FROM STDIN (FORMAT binary)`, and all of what is copied. */
  [[nodiscard]] result<void> copy(const std::string& statement, std::string_view bytes);
  /** False once it is over. */
  /** Also false where the server has hung up since the last question. Never waits. */
  [[nodiscard]] bool good() const;

 private:
  struct closed {
    void operator()(pg_conn* c) const;
  };
  using held_result = std::unique_ptr<pg_result, void (*)(pg_result*)>;

  explicit database(milliseconds patience) : patience_(patience) {}
  [[nodiscard]] static result<std::unique_ptr<database>> begin(const database_place& where);
  [[nodiscard]] result<void> connect(const database_place& where);
  [[nodiscard]] bool wait(bool for_writing, mono_t until);
  [[nodiscard]] result<void> flush(mono_t until);
  /** Null: there are no more. */
  [[nodiscard]] result<held_result> next(mono_t until);
  [[nodiscard]] result<std::vector<table_rows>> answers(mono_t until);
  [[nodiscard]] problem over(phrase why);
  [[nodiscard]] problem late();

  milliseconds patience_;
  std::unique_ptr<pg_conn, closed> inner_;
};

}  // namespace changtong::centre
