#include "dialect.h"

namespace yimen::odbc {

namespace {

std::string seconds(std::int64_t ms) {
    std::string fraction = std::to_string(ms % 1000);
    return std::to_string(ms / 1000) + "." + std::string(3 - fraction.size(), '0') + fraction;
}

Dialect sqlServer(bool time) {
    Dialect out;
    out.words.quote = '[';
    out.words.parameter = time ? "CAST(? AS DATETIME2)" : "?";
    out.words.earlier = [](std::int64_t ms) {
        return "DATEADD(millisecond, -" + std::to_string(ms) + ", CAST(? AS DATETIME2))";
    };
    // Locks nobody out. Needs ALLOW_SNAPSHOT_ISOLATION of the database; see README.md where that is off.
    out.snapshot = {"SET TRANSACTION ISOLATION LEVEL SNAPSHOT"};
    return out;
}

Dialect oracle(bool time) {
    Dialect out;
    static const std::string kTime = "TO_TIMESTAMP(?, 'YYYY-MM-DD HH24:MI:SS.FF')";
    out.words.parameter = time ? kTime : "?";
    out.words.earlier = [](std::int64_t ms) { return kTime + " - NUMTODSINTERVAL(" + seconds(ms) + ", 'SECOND')"; };
    out.snapshot = {"SET TRANSACTION READ ONLY"};
    return out;
}

Dialect dameng(bool time) {
    Dialect out;
    out.words.parameter = time ? "CAST(? AS TIMESTAMP)" : "?";
    out.words.earlier = [](std::int64_t ms) {
        return "DATEADD(SECOND, -" + std::to_string((ms + 999) / 1000) + ", CAST(? AS TIMESTAMP))";
    };
    out.snapshot = {"SET TRANSACTION READ ONLY"};
    return out;
}

Dialect postgres(std::string_view name, bool time) {
    Dialect out;
    out.name = name;
    out.words.parameter = time ? "CAST(? AS TIMESTAMP)" : "?";
    out.words.earlier = [](std::int64_t ms) {
        return "CAST(? AS TIMESTAMP) - INTERVAL '" + std::to_string(ms) + " milliseconds'";
    };
    out.snapshot = {"SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"};
    return out;
}

Dialect sqlite() {
    Dialect out;
    // Times are texts there; comparison is that of texts, so the same form has to come back.
    out.words.earlier = [](std::int64_t ms) {
        return "strftime('%Y-%m-%d %H:%M:%f', ?, '-" + seconds(ms) + " seconds')";
    };
    return out;
}

Dialect generic() {
    Dialect out;
    out.words.earlier = [](std::int64_t) -> std::string {
        throw sdk::Failure(YIMEN_INVALID, "此方言不支持 overlap / the dialect 'generic' knows no read.overlap");
    };
    return out;
}

}  // namespace

Dialect dialectOf(std::string_view name, bool time) {
    Dialect out = generic();
    if (name == "sqlserver") out = sqlServer(time);
    if (name == "oracle") out = oracle(time);
    if (name == "dm") out = dameng(time);
    if (name == "kingbase" || name == "postgresql") out = postgres(name, time);
    if (name == "sqlite") out = sqlite();
    out.name = name;
    return out;
}

}  // namespace yimen::odbc
