import { existsSync } from 'node:fs'
import { startTestServer } from '@tocsin/testkit/server.ts'
import { chromium } from 'playwright-core'
import { Registry } from 'prom-client'
import { expect, test } from 'vitest'
import { allRoutes } from '../routes.ts'
import { buildApp } from './app.ts'

const executablePath = '/usr/bin/chromium'

test.skipIf(!existsSync(executablePath))(
  'the reference is readable in a browser, breaks no policy and asks nobody else',
  async () => {
    const server = await startTestServer(allRoutes)
    const context = { ...server.context, metrics: new Registry() }
    const app = await buildApp(context, allRoutes, { hosts: [] })
    const address = await app.listen({ port: 0, host: '127.0.0.1' })
    const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
    try {
      const page = await browser.newPage()
      const asked: string[] = []
      const complaints: string[] = []
      page.on('request', (request) => asked.push(request.url()))
      page.on('console', (message) => {
        const isIcon = message.location().url === `${address}/favicon.ico` // there is none
        if (message.type() === 'error' && !isIcon) complaints.push(message.text())
      })
      page.on('pageerror', (error) => complaints.push(error.message))
      await page.goto(address)
      await page.getByText('/api/v1/health').first().waitFor({ timeout: 30_000 })
      await page.getByText('Tanium', { exact: true }).first().waitFor()
      expect(asked.filter((url) => !url.startsWith(`${address}/`) && !/^(data|blob):/.test(url))).toEqual([])
      expect(complaints).toEqual([])
    } finally {
      await browser.close()
      await app.close()
      await server.stop()
    }
  },
  60_000,
)
