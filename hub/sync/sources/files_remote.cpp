#include "sync/sources/files_remote.h"

#include <unistd.h>

#include <cerrno>
#include <cstdlib>

#include "core/ascii.h"

namespace yimen::sync {

core::Result<std::vector<FileEntry>> RemoteFolder::list() {
    YIMEN_TRY(const auto files, transfer_.list());
    std::vector<FileEntry> entries;
    for (const auto& file : files) {
        if (!file.name.starts_with('.')) entries.push_back({file.name, file.size, file.modified});
    }
    return entries;
}

core::Result<core::FileDescriptor> RemoteFolder::open(const std::string& name) {
    std::string path = "/var/tmp/yimen-XXXXXX";
    core::FileDescriptor file(::mkstemp(path.data()));
    if (!file.valid()) return core::fileError("create", path, errno);
    ::unlink(path.c_str());
    YIMEN_TRY_STATUS(transfer_.fetch(name, file.get()));
    if (::lseek(file.get(), 0, SEEK_SET) != 0) return core::fileError("read", name, errno);
    return file;
}

core::Result<std::shared_ptr<FileStore>> readRemoteFolder(const config::YamlNode& node, const SecretLookup& secrets) {
    using Kind = http::TransferServer::Kind;
    config::YamlErrors errors;
    config::MapReader map(node, errors);
    http::TransferServer server;
    map.require("kind");
    server.kind =
        map.choice<Kind>("kind", Kind::kFtp, {{"ftp", Kind::kFtp}, {"ftps", Kind::kFtps}, {"sftp", Kind::kSftp}});
    server.host = map.requireText("host");
    for (const char c : server.host) {
        if (!core::isAlpha(c) && !core::isDigit(c) && c != '.' && c != '-')
            map.complain("host", "a name or an IPv4 address is expected");
    }
    server.port = static_cast<std::uint16_t>(map.integer("port", 0, {0, 65535}));
    server.user = map.requireText("user");
    const std::string reference = map.requireText("password");
    if (!reference.starts_with("vault:") && !reference.starts_with("env:") && !reference.starts_with("file:")) {
        map.complain("password", "a secret is named by vault:SYSTEM/FIELD, env:NAME or file:PATH, never written here");
    } else if (auto secret = secrets(reference); secret.ok()) {
        server.password = std::move(secret).value();
    } else {
        map.complain("password", secret.error().message);
    }
    server.folder = map.text("folder", "/");
    server.caFile = map.text("ca", "");
    server.hostKey = map.text("host_key", "");
    if (server.kind == Kind::kSftp && server.hostKey.empty()) {
        map.complain("host_key",
                     "sftp needs the SHA-256 of the server's key (ssh-keygen -lf of its public key, without SHA256:)");
    }
    server.connectTimeout = map.duration("connect_timeout", server.connectTimeout, {100, 600'000});
    server.totalTimeout = map.duration("timeout", server.totalTimeout, {1000, 86'400'000});
    server.maxFile = map.byteSize("max_file", server.maxFile, {1024, std::uint64_t{64} << 30U});
    map.finish();
    YIMEN_TRY_STATUS(errors.status());
    return std::shared_ptr<FileStore>(std::make_shared<RemoteFolder>(std::move(server)));
}

}  // namespace yimen::sync
