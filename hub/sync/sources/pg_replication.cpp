#include "sync/sources/pg_replication.h"

#include <libpq-fe.h>
#include <poll.h>

#include <algorithm>
#include <utility>

namespace yimen::sync {

namespace {

using core::ErrorCode;
using core::Result;
using core::Status;

/// Bytes in front of the data of XLogData: its letter, two places and a time.
constexpr std::size_t kDataHead = 1 + 8 + 8 + 8;
/// Of a keepalive: its letter, a place, a time, and whether an answer is wanted.
constexpr std::size_t kKeepalive = 1 + 8 + 8 + 1;

/// Messages on their way when the stream is ended, and how long the next one is waited for.
constexpr int kMostLooks = 10'000;
constexpr int kLastWaitMs = 1000;

std::uint64_t integerAt(std::string_view bytes, std::size_t at) {
    std::uint64_t out = 0;
    for (const char c : bytes.substr(at, 8)) out = out << 8U | static_cast<unsigned char>(c);
    return out;
}

void append(std::string& bytes, std::uint64_t value) {
    for (int shift = 56; shift >= 0; shift -= 8)
        bytes += static_cast<char>(value >> static_cast<unsigned>(shift) & 0xffU);
}

/// A text as the replication grammar takes it.
std::string literal(std::string_view text) {
    std::string out = "'";
    for (const char c : text) out += std::string(c == '\'' ? 2 : 1, c);
    return out + "'";
}

}  // namespace

void PgReplication::FreeText::operator()(char* text) const noexcept {
    ::PQfreemem(text);
}

PgReplication::~PgReplication() {
    pg_conn* const connection = connection_.raw();
    if (connection == nullptr || ::PQputCopyEnd(connection, nullptr) <= 0 || ::PQflush(connection) < 0) return;
    for (int i = 0; i < kMostLooks; ++i) {
        char* text = nullptr;
        const int size = ::PQgetCopyData(connection, &text, 1);
        message_.reset(text);
        if (size < 0) return;
        if (size > 0) continue;
        pollfd waiting{::PQsocket(connection), POLLIN, 0};
        if (::poll(&waiting, 1, kLastWaitMs) <= 0 || ::PQconsumeInput(connection) == 0) return;
    }
}

Result<PgReplication> PgReplication::open(PgAddress address, const PgLogNames& names, Lsn from) {
    address.replication = true;
    YIMEN_TRY(PgConnection connection, PgConnection::open(address));
    YIMEN_TRY_STATUS(connection.command("START_REPLICATION SLOT " + pgQuote(names.slot) + " LOGICAL " + lsnText(from) +
                                            " (proto_version '1', publication_names " +
                                            literal(pgQuote(names.publication)) + ")",
                                        true));
    return PgReplication(std::move(connection), from);
}

Result<std::optional<std::string_view>> PgReplication::next(std::chrono::milliseconds wait) {
    for (bool waited = false;; waited = true) {
        char* text = nullptr;
        const int size = ::PQgetCopyData(connection_.raw(), &text, 1);
        message_.reset(text);
        if (size > 0) return take({text, static_cast<std::size_t>(size)});
        if (size < 0) {
            const PgConnection::ResultPtr ended(size == -1 ? ::PQgetResult(connection_.raw()) : nullptr);
            return connection_.failure("replication ended", ended.get());
        }
        if (waited) return std::optional<std::string_view>{};
        pollfd waiting{::PQsocket(connection_.raw()), POLLIN, 0};
        ::poll(&waiting, 1, static_cast<int>(wait.count()));
        if (::PQconsumeInput(connection_.raw()) == 0) return connection_.failure("replication");
    }
}

Result<std::optional<std::string_view>> PgReplication::take(std::string_view message) {
    if (message.front() == 'w' && message.size() > kDataHead) return std::optional(message.substr(kDataHead));
    if (message.front() != 'k' || message.size() != kKeepalive) {
        return core::makeError(ErrorCode::kCorrupt,
                               "复制协议的消息无法解读 / not a message of the replication protocol");
    }
    asked_ = false;
    seen_ = std::max(seen_, integerAt(message, 1));
    if (message.back() != 0) YIMEN_TRY_STATUS(confirm(durable_, false));
    return std::optional<std::string_view>{};
}

Status PgReplication::confirm(Lsn durable, bool ask) {
    if (ask && std::exchange(asked_, true)) return {};
    durable_ = std::max(durable_, durable);
    std::string status = "r";
    for (int i = 0; i < 3; ++i) append(status, durable_);  // written, flushed, applied
    append(status, 0);                                     // the server does not use our time
    status += ask ? '\1' : '\0';
    if (::PQputCopyData(connection_.raw(), status.data(), static_cast<int>(status.size())) <= 0 ||
        ::PQflush(connection_.raw()) < 0) {
        return connection_.failure("replication status");
    }
    return {};
}

}  // namespace yimen::sync
