#include "daemon/centre/database.h"

#include <libpq-fe.h>
#include <poll.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>

#include "daemon/core/phrase.h"
#include "daemon/core/plain_text.h"
#include "daemon/host/clocks.h"
#include "daemon/host/within.h"

namespace changtong::centre {
namespace {

constexpr std::size_t most_said = 300;

/** In one line: libpq parts its sentences by line feeds and tabs. */
std::string one_line(std::string_view told) {
  std::string out;
  for (const char c : told)
    if (c != '\n' && c != '\t' && c != '\r')
      out += c;
    else if (!out.empty() && !out.ends_with(' '))
      out += ' ';
  while (out.ends_with(' ')) out.pop_back();
  return as_seen(out, most_said);
}

/** The server's own sentence; its details may quote what was sent. */
problem told_by(const PGresult* r) {
  const char* text = PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY);
  const char* state = PQresultErrorField(r, PG_DIAG_SQLSTATE);
  const std::string words = one_line(text == nullptr ? PQresultErrorMessage(r) : text);
  return said(both("数据库：{}（{}）", "database: {} ({})", words, state == nullptr ? "?" : state));
}

problem told_by(const PGconn* c) {
  const std::string words = one_line(PQerrorMessage(c));
  // Debian's pg_hba.conf: over the socket the system's user has to be the database's
  if (words.find("Peer authentication failed") != std::string::npos)
    return said(both("数据库只认同名的系统用户：请以那个用户运行，如 sudo -u changtong changtong centre …（{}）",
                     "the database takes the system's user of that name alone: run it as that user, as sudo -u "
                     "changtong changtong centre … ({})",
                     words));
  return said(both("数据库：{}", "database: {}", words));
}

/** A file that names a password beside the one that is kept apart would show it in many places. */
result<void> without_password(const std::string& connect) {
  char* why = nullptr;
  PQconninfoOption* const all = PQconninfoParse(connect.c_str(), &why);
  const std::unique_ptr<PQconninfoOption, void (*)(PQconninfoOption*)> held(all, PQconninfoFree);
  const std::unique_ptr<char, void (*)(void*)> held_text(why, PQfreemem);
  if (all == nullptr)
    return said({"database.connect 不是连接参数：请写 host=/run/postgresql dbname=changtong user=changtong",
                 "database.connect is no connection string: write host=/run/postgresql dbname=changtong "
                 "user=changtong"});
  for (const PQconninfoOption* o = all; o->keyword != nullptr; ++o)  // the last one has no keyword
    if (std::string_view(o->keyword) == "password" && o->val != nullptr && *o->val != '\0')
      return said({"database.connect 中不写口令：请用 database.password_file",
                   "no password stands in database.connect: use database.password_file"});
  return {};
}

table_rows rows_of(const PGresult* r) {
  const int rows = PQntuples(r), columns = PQnfields(r);
  table_rows out(static_cast<std::size_t>(rows));
  for (int i = 0; i < rows; ++i)
    for (int k = 0; k < columns; ++k)
      out[static_cast<std::size_t>(i)].push_back(
          PQgetisnull(r, i, k) != 0 ? std::nullopt
                                    : std::optional<std::string>(std::in_place, PQgetvalue(r, i, k),
                                                                 static_cast<std::size_t>(PQgetlength(r, i, k))));
  return out;
}

}  // namespace

std::int64_t whole_in(const std::optional<std::string>& cell) {
  std::int64_t n = 0;
  if (cell) std::from_chars(cell->data(), cell->data() + cell->size(), n);
  return n;
}

void database::closed::operator()(pg_conn* c) const { PQfinish(c); }
database::~database() = default;

/** libpq has the system look up names, which has its own patience: it has a thread for that. */
result<std::unique_ptr<database>> database::open(const database_place& where) {
  using opened = result<std::unique_ptr<database>>;
  auto made = host::within<opened>(2 * where.patience, [where] { return begin(where); });
  if (made) return std::move(*made);
  return said({"数据库的主机名查不到地址：系统的域名解析没有应答",
               "the database's host was not found: the system's resolver does not answer"});
}

result<std::unique_ptr<database>> database::begin(const database_place& where) {
  if (const auto fine = without_password(where.connect); !fine) return fine.error();
  std::unique_ptr<database> made(new database(where.patience));
  if (const auto done = made->connect(where); !done) return done.error();
  // The server ends by itself what nobody waits for any more, also where this process cannot say so.
  const auto set = made->ask(fmt::format("SET statement_timeout = {0}; SET idle_in_transaction_session_timeout = {1}",
                                         where.patience.count(), 2 * where.patience.count()));
  if (!set) return set.error();
  return made;
}

result<void> database::connect(const database_place& where) {
  const mono_t until = system_clocks().mono() + patience_;
  const std::string& password = where.password.reveal();
  // What stands in front may be said otherwise in `connect`, what stands behind it may not.
  std::array<const char*, 7> keys{"target_session_attrs", "tcp_user_timeout", "application_name", "dbname"};
  std::array<const char*, 7> values{"read-write", "10000", "changtong centre", where.connect.c_str()};
  std::size_t n = 4;
  keys.at(n) = "client_encoding";
  values.at(n++) = "UTF8";
  if (!password.empty()) {
    keys.at(n) = "password";
    values.at(n++) = password.c_str();
  }
  inner_.reset(PQconnectStartParams(keys.data(), values.data(), 1));
  if (!inner_) return said({"内存不足", "out of memory"});
  PQsetNoticeProcessor(inner_.get(), [](void*, const char*) {}, nullptr);
  for (PostgresPollingStatusType at = PGRES_POLLING_WRITING; at != PGRES_POLLING_OK;) {
    const bool broken = at == PGRES_POLLING_FAILED || PQstatus(inner_.get()) == CONNECTION_BAD;
    if (broken) return over(words_of(told_by(inner_.get())));
    if (!wait(at == PGRES_POLLING_WRITING, until)) return late();
    at = PQconnectPoll(inner_.get());
  }
  if (PQsetnonblocking(inner_.get(), 1) != 0) return over(words_of(told_by(inner_.get())));
  return {};
}

/** False once the time is up. */
bool database::wait(bool for_writing, mono_t until) {
  while (true) {
    const auto left = std::chrono::duration_cast<milliseconds>(until - system_clocks().mono());
    if (left <= milliseconds{0}) return false;
    pollfd one{.fd = PQsocket(inner_.get()),
               .events = static_cast<short>(for_writing ? POLLIN | POLLOUT : POLLIN),
               .revents = 0};
    const int ready = ::poll(&one, 1, static_cast<int>(std::min<std::int64_t>(left.count() + 1, 60'000)));
    if (ready > 0) return true;
    if (ready < 0 && errno != EINTR) return true;  // whoever reads or writes next hears what is wrong
  }
}

problem database::over(phrase why) {
  inner_.reset();
  return said(std::move(why));
}

problem database::late() {
  return over(both("数据库在 {} 毫秒内没有应答", "the database did not answer within {} ms", patience_.count()));
}

result<void> database::flush(mono_t until) {
  while (true) {
    const int left = PQflush(inner_.get());
    if (left == 0) return {};
    if (left < 0) return over(words_of(told_by(inner_.get())));
    if (!wait(true, until)) return late();
    if (PQconsumeInput(inner_.get()) == 0) return over(words_of(told_by(inner_.get())));
  }
}

result<database::held_result> database::next(mono_t until) {
  while (PQisBusy(inner_.get()) != 0) {
    if (!wait(false, until)) return late();
    if (PQconsumeInput(inner_.get()) == 0) return over(words_of(told_by(inner_.get())));
  }
  return held_result(PQgetResult(inner_.get()), PQclear);
}

/** Of all that was sent, to its end: the first problem counts, and what came before it. */
result<std::vector<table_rows>> database::answers(mono_t until) {
  std::vector<table_rows> out;
  std::optional<problem> wrong;
  while (true) {
    auto one = next(until);
    if (!one) return one.error();
    if (!*one) break;
    const ExecStatusType status = PQresultStatus(one->get());
    if (status == PGRES_TUPLES_OK)
      out.push_back(rows_of(one->get()));
    else if (status == PGRES_COMMAND_OK)
      out.emplace_back();
    else if (!wrong)
      wrong = told_by(one->get());
  }
  if (PQstatus(inner_.get()) == CONNECTION_BAD) inner_.reset();
  if (wrong) return std::move(*wrong);
  return out;
}

namespace {
problem already_over() { return said({"与数据库的连接已断", "the conversation with the database is over"}); }
}  // namespace

bool database::good() const {
  PGconn* c = inner_.get();
  // Twice: the first may read why it ends, the second that it does.
  return c != nullptr && PQconsumeInput(c) != 0 && PQconsumeInput(c) != 0 && PQstatus(c) == CONNECTION_OK;
}

result<std::vector<table_rows>> database::ask(const std::string& statements) {
  if (!inner_) return already_over();
  const mono_t until = system_clocks().mono() + patience_;
  if (PQsendQuery(inner_.get(), statements.c_str()) == 0) return over(words_of(told_by(inner_.get())));
  if (const auto sent = flush(until); !sent) return sent.error();
  return answers(until);
}

result<table_rows> database::ask(const std::string& statement, const std::vector<std::string>& values) {
  if (!inner_) return already_over();
  const mono_t until = system_clocks().mono() + patience_;
  std::vector<const char*> texts;
  texts.reserve(values.size());
  for (const std::string& v : values) texts.push_back(v.c_str());
  if (PQsendQueryParams(inner_.get(), statement.c_str(), static_cast<int>(texts.size()), nullptr, texts.data(), nullptr,
                        nullptr, 0) == 0)
    return over(words_of(told_by(inner_.get())));
  if (const auto sent = flush(until); !sent) return sent.error();
  auto all = answers(until);
  if (!all) return all.error();
  return all->empty() ? table_rows{} : std::move(all->front());
}

result<void> database::copy(const std::string& statement, std::string_view bytes) {
  if (!inner_) return already_over();
  const mono_t until = system_clocks().mono() + patience_;
  if (PQsendQuery(inner_.get(), statement.c_str()) == 0) return over(words_of(told_by(inner_.get())));
  if (const auto sent = flush(until); !sent) return sent.error();
  auto begun = next(until);
  if (!begun) return begun.error();
  if (PQresultStatus(begun->get()) != PGRES_COPY_IN) {
    const problem why = told_by(begun->get());
    const auto rest = answers(until);
    return rest ? why : rest.error();
  }
  constexpr std::size_t piece = 1 << 20;
  for (std::size_t at = 0; at < bytes.size();) {
    const std::string_view part = bytes.substr(at, piece);
    const int put = PQputCopyData(inner_.get(), part.data(), static_cast<int>(part.size()));
    if (put < 0) return over(words_of(told_by(inner_.get())));
    if (put > 0) at += part.size();
    if (const auto sent = flush(until); !sent) return sent.error();
  }
  int ended = 0;
  while ((ended = PQputCopyEnd(inner_.get(), nullptr)) == 0)
    if (const auto sent = flush(until); !sent) return sent.error();
  if (ended < 0) return over(words_of(told_by(inner_.get())));
  if (const auto sent = flush(until); !sent) return sent.error();
  const auto done = answers(until);
  if (!done) return done.error();
  return {};
}

}  // namespace changtong::centre
