# Sourced by bin/test: what the tests' reports say.
# shellcheck shell=bash

# All tests of all modules, and each reason for which some were skipped.
report_tests() {
  awk '
    /<testcase / { tests++ }
    /<skipped/ {
      skipped++
      if (match($0, /message="[^"]*"/)) reasons[substr($0, RSTART + 9, RLENGTH - 10)]++
    }
    /<failure/ || /<error/ { failed++ }
    END {
      printf "%d passed, %d failed, %d skipped\n", tests - failed - skipped, failed, skipped
      for (reason in reasons) printf "skipped %d: %s\n", reasons[reason], reason
    }' ./*/target/surefire-reports/TEST-*.xml
}

# How many tests of the contract suites ran, for each transport and seam.
report_contracts() {
  grep -ho '<testcase name="[^"]*" classname="[^"]*"' ./*/target/surefire-reports/TEST-*Contract*.xml \
    ./*/target/surefire-reports/TEST-*Seam*.xml 2>/dev/null |
    sed 's/.*classname="\([^"]*\)"/\1/' | sort | uniq -c | sed 's/^/contract /'
}
