#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include "audit/file_audit_log.h"
#include "audit/reader.h"
#include "audit/segments.h"
#include "audit/verify.h"
#include "core/file.h"
#include "core/random.h"

namespace yimen::audit {

/// A log in a folder of its own.
class AuditFixture : public testing::Test {
protected:
    AuditFixture() : directory_(testing::TempDir() + "yimen-audit-" + core::SystemRandom().hex(8)) {
        options_.directory = directory_;
        options_.minFree = 0;
    }
    ~AuditFixture() override { std::filesystem::remove_all(directory_); }

    std::unique_ptr<FileAuditLog> open(Disk* disk = nullptr) {
        auto log = FileAuditLog::open(options_, ring_, clock_, disk);
        EXPECT_TRUE(log.ok()) << (log.ok() ? "" : log.error().describe());
        return log.ok() ? std::move(log).value() : nullptr;
    }

    static AuditEvent event(std::string type, std::string actor = "p1", std::string system = "") {
        AuditEvent out;
        out.type = std::move(type);
        out.actor = std::move(actor);
        out.system = std::move(system);
        out.sourceIp = "10.1.2.3";
        return out;
    }

    /// `count` events through a log of its own.
    void fill(int count) {
        auto log = open();
        for (int i = 0; i < count; ++i)
            ASSERT_TRUE(log->appendAndWait(event("login.ok", "p" + std::to_string(i))).ok());
    }

    VerifyReport check(bool expectKeyed = true) const {
        auto report = verify({directory_, expectKeyed}, ring_.get());
        EXPECT_TRUE(report.ok()) << (report.ok() ? "" : report.error().describe());
        return report.ok() ? *report : VerifyReport{};
    }
    static std::string describe(const VerifyReport& report) {
        std::string out;
        for (const auto& each : report.breaks) {
            out += each.file + ":" + std::to_string(each.line) + " seq " + std::to_string(each.seq) + " " +
                   each.reason + "\n";
        }
        return out;
    }

    std::string segment(std::uint64_t number = 1) const { return segmentPath(directory_, number); }
    static std::string contentOf(const std::string& path) { return core::readFile(path, 1U << 30U).value(); }
    static void write(const std::string& path, const std::string& content) {
        std::ofstream(path, std::ios::trunc | std::ios::binary) << content;
    }
    static std::vector<std::string> linesOf(const std::string& path) {
        std::vector<std::string> out;
        std::ifstream in(path);
        for (std::string line; std::getline(in, line);) out.push_back(line);
        return out;
    }
    static void writeLines(const std::string& path, const std::vector<std::string>& lines) {
        std::string content;
        for (const auto& line : lines) content += line + "\n";
        write(path, content);
    }

    std::string directory_;
    FileAuditLog::Options options_;
    core::SystemRandom random_;
    core::ManualClock clock_;
    std::shared_ptr<const crypto::KeyRing> ring_ =
        std::make_shared<const crypto::KeyRing>(crypto::KeyRing::ephemeral(random_));
};

}  // namespace yimen::audit
