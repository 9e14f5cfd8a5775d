#pragma once

#include <atomic>
#include <memory>
#include <utility>

#include "config/yaml.h"
#include "http/file_transfer.h"
#include "sync/sources/files_store.h"
#include "sync/sources/secret_lookup.h"

namespace yimen::sync {

/// A folder of an FTP or SFTP server. A file is fetched as a whole into a file without a name on this machine's disk.
class RemoteFolder final : public FileStore {
public:
    explicit RemoteFolder(http::TransferServer server) : transfer_(stoppable(std::move(server), stop_)) {}
    core::Result<std::vector<FileEntry>> list() override;
    core::Result<core::FileDescriptor> open(const std::string& name) override;
    void interrupt() noexcept override { *stop_ = true; }

private:
    static http::TransferServer stoppable(http::TransferServer server, http::StopFlag stop) {
        server.stop = std::move(stop);
        return server;
    }
    const std::shared_ptr<std::atomic<bool>> stop_ = std::make_shared<std::atomic<bool>>(false);
    http::FileTransfer transfer_;
};

/// Makes one from `source.server`; errors with file:line:column. Fits RemoteStores.
core::Result<std::shared_ptr<FileStore>> readRemoteFolder(const config::YamlNode& node, const SecretLookup& secrets);

}  // namespace yimen::sync
