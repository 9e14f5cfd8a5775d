#include "http/file_transfer.h"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <map>
#include <thread>

namespace yimen::http {
namespace {

/// Listens on a free port of the loopback.
class Listener {
public:
    Listener() : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        void* const raw = &address;
        if (::bind(socket_.get(), static_cast<sockaddr*>(raw), size) != 0 || ::listen(socket_.get(), 8) != 0 ||
            ::getsockname(socket_.get(), static_cast<sockaddr*>(raw), &size) != 0) {
            std::abort();
        }
        port = ntohs(address.sin_port);
    }
    core::FileDescriptor accept() { return core::FileDescriptor(::accept(socket_.get(), nullptr, nullptr)); }
    void close() { ::shutdown(socket_.get(), SHUT_RDWR); }
    std::uint16_t port = 0;

private:
    core::FileDescriptor socket_;
};

/// Speaks as much FTP (RFC 959, 2428, 3659) as one folder needs.
class FtpServer {
public:
    FtpServer() : thread_([this] { run(); }) {}
    ~FtpServer() {
        stopping_ = true;
        control_.close();
        thread_.join();
    }
    FtpServer(const FtpServer&) = delete;
    FtpServer& operator=(const FtpServer&) = delete;

    std::map<std::string, std::string> files;
    bool knowsMlsd = true;
    std::uint16_t port() const { return control_.port; }

private:
    void run() {
        while (!stopping_) {
            const core::FileDescriptor client = control_.accept();
            if (client.valid()) serve(client.get());
        }
    }
    static void say(int fd, const std::string& line) { static_cast<void>(core::writeAll(fd, line + "\r\n").ok()); }
    static std::string hear(int fd) {
        std::string line;
        char c = 0;
        while (::read(fd, &c, 1) == 1 && c != '\n') line += c == '\r' ? std::string() : std::string(1, c);
        return line;
    }
    void serve(int fd) {
        say(fd, "220 ready");
        Listener data;
        for (std::string line = hear(fd); !line.empty(); line = hear(fd)) {
            const std::string word = line.substr(0, 4);
            if (word == "USER")
                say(fd, "331 password");
            else if (word == "PASS")
                say(fd, line == "PASS secret" ? "230 in" : "530 no");
            else if (word == "PWD")
                say(fd, "257 \"/\"");
            else if (word == "EPSV")
                say(fd, "229 here (|||" + std::to_string(data.port) + "|)");
            else if (word == "TYPE")
                say(fd, "200 ok");
            else if (word == "CWD ")
                say(fd, line == "CWD out dir" || line == "CWD /out dir" ? "250 ok" : "550 no");
            else if (word == "MLSD" && knowsMlsd)
                send(fd, data, listing());
            else if (word == "MLSD")
                refuse(fd, data, "502 not implemented");
            else if (word == "NLST")
                send(fd, data, names());
            else if (word == "MDTM" && files.count(line.substr(5)) > 0)
                say(fd, "213 20261121001122");
            else if (word == "SIZE" && files.count(line.substr(5)) > 0)
                say(fd, "213 " + std::to_string(files[line.substr(5)].size()));
            else if (word == "RETR" && files.count(line.substr(5)) > 0)
                send(fd, data, files[line.substr(5)]);
            else
                say(fd, word == "QUIT" ? "221 bye" : "550 no");
        }
    }
    static void send(int fd, Listener& data, const std::string& text) {
        say(fd, "150 coming");
        {
            const core::FileDescriptor connection = data.accept();
            static_cast<void>(core::writeAll(connection.get(), text).ok());
        }
        say(fd, "226 done");
    }
    /// The connection that the client has opened for the data is of no use any more.
    static void refuse(int fd, Listener& data, const std::string& line) {
        static_cast<void>(data.accept());
        say(fd, line);
    }
    std::string listing() const {
        std::string text = "type=cdir;modify=20261121000000; .\r\ntype=dir; old\r\n";
        for (const auto& [name, content] : files)
            text += "Type=file;Size=" + std::to_string(content.size()) + ";Modify=20261121001122; " + name + "\r\n";
        return text;
    }
    std::string names() const {
        std::string text = "old\r\n";
        for (const auto& [name, content] : files) text += "/out dir/" + name + "\r\n";
        return text;
    }

    Listener control_;
    std::atomic<bool> stopping_{false};
    std::thread thread_;
};

TransferServer at(const FtpServer& server) {
    TransferServer to;
    to.host = "127.0.0.1";
    to.port = server.port();
    to.user = "yimen";
    to.password = core::Secret("secret");
    to.folder = "/out dir";
    return to;
}

TEST(FileTransfer, ListsAndFetchesFilesByFtp) {
    FtpServer server;
    server.files = {{"hot 1.csv", "a,b\n1,2\n"}, {"hot 1.csv.ok", "1"}};
    const FileTransfer transfer(at(server));
    const auto files = transfer.list();
    ASSERT_TRUE(files.ok()) << files.error().describe();
    ASSERT_EQ(files->size(), 2U);
    EXPECT_EQ(files->front().name, "hot 1.csv");
    EXPECT_EQ(files->front().size, 8U);
    EXPECT_EQ(core::toUnixSeconds(*files->front().modified), 1'795'219'882);
    const core::FileDescriptor out(::memfd_create("f", MFD_CLOEXEC));
    ASSERT_TRUE(transfer.fetch("hot 1.csv", out.get()).ok());
    char text[16] = {};
    EXPECT_EQ(::pread(out.get(), text, sizeof text, 0), 8);
    EXPECT_EQ(std::string(text), "a,b\n1,2\n");
}

TEST(FileTransfer, AsksFileByFileWhereTheServerDoesNotKnowMlsd) {
    FtpServer server;
    server.files = {{"hot 1.csv", "a,b\n1,2\n"}, {"hot 1.csv.ok", "1"}};
    server.knowsMlsd = false;
    const auto files = FileTransfer(at(server)).list();
    ASSERT_TRUE(files.ok()) << files.error().describe();
    ASSERT_EQ(files->size(), 2U) << "a folder is no file";
    EXPECT_EQ(files->front().name, "hot 1.csv");
    EXPECT_EQ(files->front().size, 8U);
    EXPECT_EQ(core::toUnixSeconds(*files->front().modified), 1'795'219'882);
}

TEST(FileTransfer, NamesWhatWentWrong) {
    FtpServer server;
    server.files = {{"big", std::string(100'000, 'x')}};
    TransferServer to = at(server);
    to.maxFile = 1000;
    const core::FileDescriptor out(::memfd_create("f", MFD_CLOEXEC));
    EXPECT_EQ(FileTransfer(to).fetch("big", out.get()).error().code, core::ErrorCode::kTooLarge);
    EXPECT_EQ(FileTransfer(to).fetch("none", out.get()).error().code, core::ErrorCode::kNotFound);
    EXPECT_EQ(FileTransfer(to).fetch("../x", out.get()).error().code, core::ErrorCode::kInvalidInput);
    to.password = core::Secret("wrong");
    EXPECT_EQ(FileTransfer(to).list().error().code, core::ErrorCode::kUnauthenticated);
    to = at(server);
    to.kind = TransferServer::Kind::kFtps;
    EXPECT_EQ(FileTransfer(to).list().error().code, core::ErrorCode::kUnavailable);
}

TEST(FileTransfer, ReadsLinesOfAListing) {
    const auto file = parseMlsdLine("modify=20261121001122.5;perm=r;size=7;type=file; a b.csv\r\n");
    ASSERT_TRUE(file.has_value());
    EXPECT_EQ(file->name, "a b.csv");
    EXPECT_EQ(file->size, 7U);
    EXPECT_FALSE(parseMlsdLine("type=dir; old").has_value());
    EXPECT_FALSE(parseMlsdLine("type=file; a/b").has_value());
    EXPECT_FALSE(parseMlsdLine("nonsense").has_value());
    EXPECT_FALSE(parseMlsdLine("type=file;modify=2026; x")->modified.has_value());
}

}  // namespace
}  // namespace yimen::http
