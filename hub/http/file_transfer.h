#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.h"
#include "core/file.h"
#include "core/result.h"
#include "core/secret.h"
#include "http/client.h"

namespace yimen::http {

/// A folder on a server of files. A value.
struct TransferServer {
    enum class Kind {
        kFtp,   ///< in clear: inside a protected network only
        kFtps,  ///< TLS demanded by AUTH TLS, the peer verified
        kSftp   ///< the server's key has to be the declared one
    };
    Kind kind = Kind::kFtp;
    std::string host;
    std::uint16_t port = 0;  ///< 0: 21 or 22
    std::string user;
    core::Secret password;
    std::string folder = "/";
    std::string caFile;   ///< ftps: PEM; empty: the system's own list
    std::string hostKey;  ///< sftp: SHA-256 of the server's key, Base64 as ssh-keygen -l shows it (without "SHA256:")
    std::chrono::milliseconds connectTimeout{10'000};
    std::chrono::milliseconds totalTimeout{600'000};
    std::uint64_t maxFile = std::uint64_t{2} << 30U;  ///< bytes of one file
    StopFlag stop{};                                  ///< may be null
};

struct RemoteFile {
    std::string name;
    std::uint64_t size = 0;
    std::optional<core::WallTime> modified;
};

/// Files of one folder by FTP, FTPS (explicit) or SFTP, on libcurl: passive mode, no proxy from the environment, no
/// redirects. Every call is one connection; thread-safe, blocking. kUnavailable: no connection, certificate or key not
/// to be trusted; kUnauthenticated; kNotFound; kTooLarge; kTimeout; kUpstream.
class FileTransfer {
public:
    explicit FileTransfer(TransferServer server);

    /// Regular files. FTP by MLSD (RFC 3659); where a server does not know it (IIS before 7.5), and by SFTP, each name
    /// is asked for its size and time.
    core::Result<std::vector<RemoteFile>> list() const;
    /// Writes the content of `name` (no '/') to `fd`. What is written when it fails is worth nothing.
    core::Status fetch(const std::string& name, int fd) const;

private:
    class Session;
    static std::vector<RemoteFile> askEach(Session& session, const std::string& path,
                                           const std::vector<std::string>& names);
    TransferServer server_;
};

/// One line of an MLSD answer (RFC 3659 section 7): nothing when it is no regular file, or not understood.
std::optional<RemoteFile> parseMlsdLine(std::string_view line);

}  // namespace yimen::http
