#include "sync/sources/files_remote.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/sync/sources/http_fixture.h"

namespace yimen::sync {
namespace {

using ::testing::HasSubstr;

std::string faults(const std::string& yaml) {
    const auto document = config::YamlDocument::parse(yaml, "data.yaml");
    const auto made = readRemoteFolder(document->root(), fixture::testSecret);
    return made.ok() ? "" : made.error().message;
}

TEST(FilesRemote, NamesThePlaceOfEveryFault) {
    EXPECT_EQ(faults("kind: ftp\nhost: files.example\nuser: u\npassword: \"env:KEY\"\nfolder: /out\n"), "");
    EXPECT_THAT(faults("kind: sftp\nhost: h\nuser: u\npassword: \"env:KEY\"\n"),
                HasSubstr("SHA-256 of the server's key"));
    EXPECT_THAT(faults("kind: ftp\nhost: h/x\nuser: u\npassword: plain\n"), HasSubstr("data.yaml:2:"));
    EXPECT_THAT(faults("kind: ftp\nhost: h\nuser: u\npassword: plain\n"), HasSubstr("never written here"));
}

TEST(FilesRemote, SaysWhenTheServerCannotBeReached) {
    http::TransferServer server;
    server.host = "127.0.0.1";
    server.port = 1;
    RemoteFolder folder(std::move(server));
    EXPECT_EQ(folder.list().error().code, core::ErrorCode::kUnavailable);
    EXPECT_EQ(folder.open("x").error().code, core::ErrorCode::kUnavailable);
}

}  // namespace
}  // namespace yimen::sync
