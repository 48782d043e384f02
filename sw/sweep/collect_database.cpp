// results.sqlite
#include <sqlite3.h>
#include <unistd.h>

#include <cmath>

#include "models/sim/error.h"
#include "sw/sweep/collect.h"
#include "sw/sweep/files.h"

namespace vctoe::sweep {

namespace {

/// SQLite's own limit is 2000 columns; results.csv has none.
constexpr std::size_t kViewColumns = 1900;

class Database {
 public:
  /// `meant`: what the file is going to be called.
  Database(const std::string& path, std::string meant) : meant_(std::move(meant)) {
    if (sqlite3_open(path.c_str(), &db_) != SQLITE_OK) fail();
  }
  ~Database() { sqlite3_close(db_); }
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  void run(const std::string& sql) {
    if (sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) fail();
  }
  [[noreturn]] void fail() const {
    sim::user_error("cannot write " + meant_ + ": " + sqlite3_errmsg(db_));
  }
  sqlite3* handle() const { return db_; }

 private:
  sqlite3* db_ = nullptr;
  std::string meant_;
};

/// A statement that is used again and again.
class Insert {
 public:
  Insert(Database& db, const std::string& sql) : db_(db) {
    if (sqlite3_prepare_v2(db.handle(), sql.c_str(), -1, &statement_, nullptr) != SQLITE_OK) {
      db.fail();
    }
  }
  ~Insert() { sqlite3_finalize(statement_); }
  Insert(const Insert&) = delete;
  Insert& operator=(const Insert&) = delete;

  Insert& operator<<(const std::string& text) {
    sqlite3_bind_text(statement_, ++at_, text.c_str(), -1, SQLITE_TRANSIENT);
    return *this;
  }
  /// Not measured: null.
  Insert& operator<<(double value) {
    ++at_;
    if (std::isfinite(value)) sqlite3_bind_double(statement_, at_, value);
    return *this;
  }
  Insert& operator<<(std::size_t n) {
    sqlite3_bind_int64(statement_, ++at_, static_cast<sqlite3_int64>(n));
    return *this;
  }
  void done() {
    if (sqlite3_step(statement_) != SQLITE_DONE) db_.fail();
    sqlite3_reset(statement_);
    sqlite3_clear_bindings(statement_);
    at_ = 0;
  }

 private:
  Database& db_;
  sqlite3_stmt* statement_ = nullptr;
  int at_ = 0;
};

constexpr char kTables[] =
    "create table run(key text primary key, value text) without rowid;"
    "create table point(id integer primary key, state text, pass integer, hash text, scheme text,"
    " seed text, reason text, wall_s real);"
    "create table param(point integer, name text, value real, text text,"
    " primary key(point, name)) without rowid;"
    "create table metric(point integer, name text, value real, primary key(point, name))"
    " without rowid;"
    "create table metric_def(name text primary key, unit text, better text, doc text)"
    " without rowid;";

std::string quoted(const std::string& name, char mark) {
  std::string out(1, mark);
  for (const char c : name) out += c == mark ? std::string(2, c) : std::string(1, c);
  return out + mark;
}

void add_view(Database& db, const Table& table) {
  std::string sql =
      "create view results as select p.id as \"index\", state, pass, hash, scheme, seed";
  std::size_t columns = 6;
  const auto add = [&](const std::string& value, const char* from, const std::string& name) {
    if (++columns > kViewColumns) return;
    sql += ", (select " + value + " from " + from +
           " where point = p.id and name = " + quoted(name, '\'') + ") as " + quoted(name, '"');
  };
  for (const Column& c : table.parameters) add("coalesce(value, text)", "param", c.name);
  for (const MetricDef& m : table.metrics) add("value", "metric", m.name);
  db.run(sql + " from point p order by p.id");
}

void fill(Database& db, const Table& table) {
  Insert run(db, "insert into run values(?, ?)"), def(db, "insert into metric_def values(?,?,?,?)");
  (run << std::string("program") << table.head.program).done();
  (run << std::string("title") << table.head.title).done();
  (run << std::string("plan") << table.plan).done();
  for (const MetricDef& m : table.metrics)
    (def << m.name << m.unit << m.better << m.sentence).done();
  Insert point(db, "insert into point values(?,?,nullif(?,''),?,?,?,?,?)");
  Insert param(db, "insert into param values(?,?,?,?)"),
      metric(db, "insert into metric values(?,?,?)");
  for (const Row& r : table.rows) {
    const std::size_t id = r.point.index;
    (point << id << std::string(name_of(r.state)) << r.pass << r.point.hash << r.point.scheme
           << r.point.seed << r.reason << r.wall_s)
        .done();
    for (std::size_t i = 0; i < r.parameters.size(); ++i) {
      (param << id << table.parameters[i].name << r.parameters[i].number << r.parameters[i].text)
          .done();
    }
    for (const Metric& m : r.metrics) (metric << id << m.def.name << m.value).done();
  }
}

}  // namespace

void write_database(const Table& table, const std::string& folder) {
  const std::string aside = aside_name(folder), path = folder + "/results.sqlite";
  try {
    Database db(aside, path);
    // Nobody else knows this file, and it is thrown away when anything goes wrong.
    db.run("pragma journal_mode = memory; pragma synchronous = off; pragma user_version = " +
           std::to_string(kDatabaseVersion));
    db.run("begin");
    db.run(kTables);
    fill(db, table);
    add_view(db, table);
    db.run("commit; pragma journal_mode = delete");
  } catch (const sim::Error&) {
    unlink(aside.c_str());
    throw;
  }
  rename_synced(aside, path);
}

}  // namespace vctoe::sweep
