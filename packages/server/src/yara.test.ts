import { expect, test } from 'vitest'
import { loadYaraValidator } from './yara.ts'

test('YARA-X compiles a good rule and says what is wrong with a bad one', async () => {
  const validator = await loadYaraValidator()
  const good = validator.validate('rule a { strings: $a = "x" condition: $a }')
  const bad = validator.validate('rule a { condition: $b }')
  expect([good, bad]).toMatchInlineSnapshot(`
    [
      {
        "accepted": true,
        "problems": [
          {
            "code": "slow_pattern",
            "from": 18,
            "message": "slow pattern; this pattern may slow down the scan",
            "severity": "warning",
            "to": 26,
          },
        ],
      },
      {
        "accepted": false,
        "problems": [
          {
            "code": "E025",
            "from": 20,
            "message": "unknown pattern \`$b\`; this pattern is not declared in the \`strings\` section",
            "severity": "error",
            "to": 22,
          },
        ],
      },
    ]
  `)
})
