# Prints each round's CPU time a request with its ratios, then the medians. Reads: round name cpu requests/s p50 p99 p99.9 errors.
function median(list, n,    i, j, swap) {
  for (i = 2; i <= n; i++) for (j = i; j > 1 && list[j - 1] > list[j]; j--) { swap = list[j]; list[j] = list[j - 1]; list[j - 1] = swap }
  return n % 2 ? list[(n + 1) / 2] : (list[n / 2] + list[n / 2 + 1]) / 2
}

# Median over the rounds of the ratio within a round of a field of one contender to another's.
function ratio(field, one, other,    i, n, list) {
  for (i = 0; i < rounds; i++) if (value[i, other, field] > 0) list[++n] = value[i, one, field] / value[i, other, field]
  return n ? median(list, n) : 0
}

function absolute(field, one,    i, n, list) {
  for (i = 0; i < rounds; i++) list[++n] = value[i, one, field]
  return median(list, n)
}

{ for (i = 3; i <= 8; i++) value[$1, $2, i] = $i; errors[$2] += $8 }

END {
  count = split(names, name, " ")
  printf "\nCPU time a request in µs (%s)\n%-8s", what, "round"
  for (i = 1; i <= count; i++) printf "%10s", name[i]
  for (i = 2; i <= count; i++) printf "%10s", name[i] "/nginx"
  for (i = 3; i <= count; i++) printf "%10s", name[i] "/A"
  printf "\n"
  for (r = 0; r < rounds; r++) {
    printf "%-8d", r + 1
    for (i = 1; i <= count; i++) printf "%10.1f", value[r, name[i], 3]
    for (i = 2; i <= count; i++) printf "%10.3f", value[r, name[i], 3] / value[r, "nginx", 3]
    for (i = 3; i <= count; i++) printf "%10.3f", value[r, name[i], 3] / value[r, "A", 3]
    printf "\n"
  }
  printf "%-8s", "median"
  for (i = 1; i <= count; i++) printf "%10.1f", absolute(3, name[i])
  for (i = 2; i <= count; i++) printf "%10.3f", ratio(3, name[i], "nginx")
  for (i = 3; i <= count; i++) printf "%10.3f", ratio(3, name[i], "A")

  printf "\n\n%-8s%12s%10s%10s%10s%10s%10s%10s\n", "medians", "requests/s", "x nginx", "p50 ms", "p99 ms", "x nginx", "p99.9 ms", "errors"
  for (i = 1; i <= count; i++)
    printf "%-8s%12.0f%10.2f%10.2f%10.2f%10.2f%10.2f%10d\n", name[i], absolute(4, name[i]), ratio(4, name[i], "nginx"), absolute(5, name[i]) / 1000,
      absolute(6, name[i]) / 1000, ratio(6, name[i], "nginx"), absolute(7, name[i]) / 1000, errors[name[i]]
}
