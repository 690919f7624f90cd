# hotclock.toml(5) as a source for scdoc(5), from the commented settings themselves: docs/hotclock.toml, and one job's
# file of docs/jobs.d. A comment belongs to the keys behind it; the first of a file, up to a blank line, to the file.
#   awk -f settings_page.awk docs/hotclock.toml docs/jobs.d/JOB.toml

function plain(text) {
  gsub(/[\\*_]/, "\\\\&", text)
  sub(/^[#[|-]/, "\\\\&", text)
  return text
}

function end_of_keys() {
  if (keys != "") printf "%s\n%s\n", keys, comment
  keys = comment = ""
}

# Text that no key follows.
function paragraph() {
  if (comment != "") {
    gsub(/(^|\n)\t/, "\n", comment)
    print comment
  }
  comment = ""
}

BEGIN {
  print "hotclock.toml(5)\n\n# NAME\n\nhotclock.toml - settings of a node of Hotclock\n\n# DESCRIPTION\n"
}

FNR == 1 && NR > 1 {
  end_of_keys()
  print "# JOBS.D/*.TOML\n\nEach job has a file named after it. Here are those of _og-daily-bonus_; other jobs differ in their"
  print "defaults and in their own _settings_, which docs/jobs.d has.\n"
}

/^#/ {
  if (keys != "") end_of_keys()
  line = $0
  sub(/^# ?/, "", line)
  comment = comment "\t" plain(line) "\n"
  next
}

/^\[/ {
  end_of_keys()
  paragraph()
  print "## " $0 "\n"
  next
}

/^[a-z_"-]+ *=/ {
  name = value = $0
  sub(/ *=.*/, "", name)
  sub(/^[^=]*= */, "", value)
  keys = keys (keys == "" ? "" : ", ") "*" plain(name) "* = " plain(value)
  open = value ~ /\[$/
  next
}

# The rest of a value of several lines.
open { keys = keys " " plain($0) }

/^$/ {
  if (keys != "") end_of_keys()
  else paragraph()
  open = 0
}

END {
  end_of_keys()
  paragraph()
  print "# SEE ALSO\n\n*hotclock*(1), *hotclock-config*(1), *hotclock-config-check*(1)"
}
