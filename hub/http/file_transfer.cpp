#include "http/file_transfer.h"

#include <curl/curl.h>

#include <charconv>
#include <memory>

#include "core/ascii.h"
#include "core/check.h"
#include "core/time_format.h"
#include "core/url.h"
#include "http/curl_exchange.h"

namespace yimen::http {

namespace {

using core::ErrorCode;
using core::makeError;
using core::Result;
using core::Status;

constexpr std::size_t kMaxListing = std::size_t{16} << 20U;

/// What a transfer writes to: a text or a file.
struct Sink {
    std::string* text = nullptr;
    int fd = -1;
    std::uint64_t limit = 0;
    std::uint64_t written = 0;
    bool tooLarge = false;
};

std::size_t onData(char* data, std::size_t size, std::size_t count, void* user) {
    auto& sink = *static_cast<Sink*>(user);
    const std::string_view bytes(data, size * count);
    sink.written += bytes.size();
    sink.tooLarge = sink.written > sink.limit;
    if (sink.tooLarge) return 0;
    if (sink.text != nullptr) {
        sink.text->append(bytes);
        return bytes.size();
    }
    return core::writeAll(sink.fd, bytes).ok() ? bytes.size() : 0;
}

core::Error explain(CURLcode code, const Sink& sink) {
    const char* detail = curl_easy_strerror(code);
    if (sink.tooLarge) return makeError(ErrorCode::kTooLarge, "limit max_file passed by a file of the server");
    switch (code) {
        case CURLE_OPERATION_TIMEDOUT:
            return makeError(ErrorCode::kTimeout, "the file server did not answer in time", detail);
        case CURLE_ABORTED_BY_CALLBACK:
            return makeError(ErrorCode::kUnavailable, "已取消 / cancelled while the file server was asked", detail);
        case CURLE_LOGIN_DENIED:
            return makeError(ErrorCode::kUnauthenticated, "the file server refused user or password", detail);
        case CURLE_REMOTE_FILE_NOT_FOUND:
        case CURLE_FTP_COULDNT_RETR_FILE:
            return makeError(ErrorCode::kNotFound, "the file server has no such file", detail);
        case CURLE_REMOTE_ACCESS_DENIED:
            return makeError(ErrorCode::kDenied, "the file server does not allow that folder", detail);
        case CURLE_PEER_FAILED_VERIFICATION:
            return makeError(ErrorCode::kUnavailable, "the file server's certificate or key is not to be trusted",
                             detail);
        case CURLE_PARTIAL_FILE:
            return makeError(ErrorCode::kUnavailable, "the file server broke off", detail);
        case CURLE_WRITE_ERROR:
            return makeError(ErrorCode::kUnavailable, "the file cannot be kept: is the disk full?", detail);
        default:
            return makeError(ErrorCode::kUnavailable, "no connection to the file server", detail);
    }
}

/// "20261121001122" or with a fraction, in UTC (RFC 3659 section 2.3).
std::optional<core::WallTime> parseTimeVal(std::string_view text) {
    if (text.size() < 14) return std::nullopt;
    const std::string day =
        std::string(text.substr(0, 4)) + "-" + std::string(text.substr(4, 2)) + "-" + std::string(text.substr(6, 2));
    const auto date = core::parseDate(day);
    int clock[3] = {};
    for (std::size_t i = 0; i < 3; ++i) {
        const std::string_view two = text.substr(8 + 2 * i, 2);
        if (!core::isDigit(two[0]) || !core::isDigit(two[1])) return std::nullopt;
        clock[i] = (two[0] - '0') * 10 + (two[1] - '0');
    }
    if (!date.ok()) return std::nullopt;
    return *date + std::chrono::hours(clock[0]) + std::chrono::minutes(clock[1]) + std::chrono::seconds(clock[2]);
}

}  // namespace

std::optional<RemoteFile> parseMlsdLine(std::string_view line) {
    while (!line.empty() && (line.back() == '\r' || line.back() == '\n')) line.remove_suffix(1);
    const auto space = line.find(' ');
    if (space == std::string_view::npos || space + 1 >= line.size()) return std::nullopt;
    RemoteFile file;
    file.name = line.substr(space + 1);
    if (file.name.find('/') != std::string::npos) return std::nullopt;
    bool regular = false;
    for (std::string_view facts = line.substr(0, space); !facts.empty();) {
        const auto end = facts.find(';');
        const std::string_view fact = facts.substr(0, end);
        facts = end == std::string_view::npos ? std::string_view() : facts.substr(end + 1);
        const auto equals = fact.find('=');
        if (equals == std::string_view::npos) continue;
        const std::string_view value = fact.substr(equals + 1);
        if (core::equalIgnoreCase(fact.substr(0, equals), "type")) regular = core::equalIgnoreCase(value, "file");
        if (core::equalIgnoreCase(fact.substr(0, equals), "size"))
            std::from_chars(value.data(), value.data() + value.size(), file.size);
        if (core::equalIgnoreCase(fact.substr(0, equals), "modify")) file.modified = parseTimeVal(value);
    }
    return regular ? std::optional<RemoteFile>(std::move(file)) : std::nullopt;
}

/// One libcurl handle with the server's settings.
class FileTransfer::Session {
public:
    explicit Session(const TransferServer& server) : server_(server), handle_(curl_easy_init()) {}
    ~Session() { curl_easy_cleanup(handle_); }
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    void set(const std::string& path, Sink& sink) {
        const bool sftp = server_.kind == TransferServer::Kind::kSftp;
        std::string url = (sftp ? "sftp://" : "ftp://") + server_.host;
        if (server_.port != 0) url += ":" + std::to_string(server_.port);
        curl_easy_setopt(handle_, CURLOPT_PROTOCOLS_STR, "ftp,sftp");
        curl_easy_setopt(handle_, CURLOPT_URL, (url + path).c_str());
        curl_easy_setopt(handle_, CURLOPT_PROXY, "");
        curl_easy_setopt(handle_, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
        curl_easy_setopt(handle_, CURLOPT_NOSIGNAL, 1L);
        curl_easy_setopt(handle_, CURLOPT_USERNAME, server_.user.c_str());
        // The password goes to libcurl and from there to the server.
        curl_easy_setopt(handle_, CURLOPT_PASSWORD, server_.password.revealTerminated());
        curl_easy_setopt(handle_, CURLOPT_CONNECTTIMEOUT_MS, server_.connectTimeout.count());
        curl_easy_setopt(handle_, CURLOPT_TIMEOUT_MS, server_.totalTimeout.count());
        curl_easy_setopt(handle_, CURLOPT_FTP_FILEMETHOD, static_cast<long>(CURLFTPMETHOD_SINGLECWD));
        curl_easy_setopt(handle_, CURLOPT_FTP_SKIP_PASV_IP, 1L);
        curl_easy_setopt(handle_, CURLOPT_SSL_VERIFYPEER, 1L);
        curl_easy_setopt(handle_, CURLOPT_SSL_VERIFYHOST, 2L);
        if (server_.kind == TransferServer::Kind::kFtps)
            curl_easy_setopt(handle_, CURLOPT_USE_SSL, static_cast<long>(CURLUSESSL_ALL));
        if (!server_.caFile.empty()) curl_easy_setopt(handle_, CURLOPT_CAINFO, server_.caFile.c_str());
        if (sftp) curl_easy_setopt(handle_, CURLOPT_SSH_HOST_PUBLIC_KEY_SHA256, server_.hostKey.c_str());
        if (sftp) curl_easy_setopt(handle_, CURLOPT_SSH_AUTH_TYPES, static_cast<long>(CURLSSH_AUTH_PASSWORD));
        setStop(handle_, server_.stop);
        curl_easy_setopt(handle_, CURLOPT_WRITEFUNCTION, onData);
        curl_easy_setopt(handle_, CURLOPT_WRITEDATA, &sink);
    }
    CURL* handle() const noexcept { return handle_; }
    Status perform(const Sink& sink) {
        const CURLcode code = curl_easy_perform(handle_);
        return code == CURLE_OK ? Status() : Status(explain(code, sink));
    }

private:
    const TransferServer& server_;
    CURL* handle_;
};

namespace {

/// "/a/b/" with each part percent-encoded.
std::string folderPath(const std::string& folder) {
    std::string path = "/";
    std::string part;
    for (const char c : folder + "/") {
        if (c != '/') {
            part += c;
        } else if (!part.empty()) {
            path += core::percentEncode(part) + "/";
            part.clear();
        }
    }
    return path;
}

std::vector<std::string> linesOf(const std::string& text) {
    std::vector<std::string> lines;
    std::string line;
    for (const char c : text) {
        if (c == '\n') {
            lines.push_back(std::move(line));
            line.clear();
        } else if (c != '\r') {
            line += c;
        }
    }
    if (!line.empty()) lines.push_back(std::move(line));
    return lines;
}

/// Regular files of an MLSD answer.
std::vector<RemoteFile> entriesOf(const std::string& text) {
    std::vector<RemoteFile> files;
    for (const std::string& line : linesOf(text)) {
        if (auto file = parseMlsdLine(line)) files.push_back(std::move(*file));
    }
    return files;
}

/// Names of an NLST answer: some servers put the folder before them.
std::vector<std::string> namesOf(const std::string& text) {
    std::vector<std::string> names;
    for (const std::string& line : linesOf(text)) {
        const auto slash = line.rfind('/');
        std::string name = slash == std::string::npos ? line : line.substr(slash + 1);
        if (!name.empty() && name.front() != '.') names.push_back(std::move(name));
    }
    return names;
}

}  // namespace

FileTransfer::FileTransfer(TransferServer server) : server_(std::move(server)) {
    static const CURLcode kStarted = curl_global_init(CURL_GLOBAL_DEFAULT);
    YIMEN_CHECK(kStarted == CURLE_OK);
}

Result<std::vector<RemoteFile>> FileTransfer::list() const {
    const std::string path = folderPath(server_.folder);
    std::string text;
    Sink sink{&text, -1, kMaxListing, 0, false};
    Session session(server_);
    session.set(path, sink);
    if (server_.kind != TransferServer::Kind::kSftp) {
        curl_easy_setopt(session.handle(), CURLOPT_CUSTOMREQUEST, "MLSD");
        const Status listed = session.perform(sink);
        long answer = 0;
        curl_easy_getinfo(session.handle(), CURLINFO_RESPONSE_CODE, &answer);
        if (listed.ok()) return entriesOf(text);
        const bool unknown = answer == 500 || answer == 501 || answer == 502 || answer == 504;
        if (!unknown) return listed.error();
        curl_easy_setopt(session.handle(), CURLOPT_CUSTOMREQUEST, nullptr);
        text.clear();
    }
    curl_easy_setopt(session.handle(), CURLOPT_DIRLISTONLY, 1L);
    YIMEN_TRY_STATUS(session.perform(sink));
    return askEach(session, path, namesOf(text));
}

/// What MLSD would have said, file by file.
std::vector<RemoteFile> FileTransfer::askEach(Session& session, const std::string& path,
                                              const std::vector<std::string>& names) {
    std::vector<RemoteFile> files;
    for (const std::string& name : names) {
        std::string ignored;
        Sink sink{&ignored, -1, kMaxListing, 0, false};
        session.set(path + core::percentEncode(name), sink);
        curl_easy_setopt(session.handle(), CURLOPT_DIRLISTONLY, 0L);
        curl_easy_setopt(session.handle(), CURLOPT_NOBODY, 1L);
        curl_easy_setopt(session.handle(), CURLOPT_FILETIME, 1L);
        if (!session.perform(sink).ok()) continue;  // a folder, or gone meanwhile
        curl_off_t size = -1;
        curl_off_t time = -1;
        curl_easy_getinfo(session.handle(), CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &size);
        curl_easy_getinfo(session.handle(), CURLINFO_FILETIME_T, &time);
        RemoteFile file{name, size > 0 ? static_cast<std::uint64_t>(size) : 0, std::nullopt};
        if (time > 0) file.modified = core::fromUnixSeconds(time);
        files.push_back(std::move(file));
    }
    return files;
}

Status FileTransfer::fetch(const std::string& name, int fd) const {
    if (name.empty() || name.find('/') != std::string::npos)
        return makeError(ErrorCode::kInvalidInput, "a file name without / is expected");
    Sink sink{nullptr, fd, server_.maxFile, 0, false};
    Session session(server_);
    session.set(folderPath(server_.folder) + core::percentEncode(name), sink);
    return session.perform(sink);
}

}  // namespace yimen::http
