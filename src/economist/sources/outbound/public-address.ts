import { BlockList, isIP } from 'node:net';

/** Networks that lead into a machine or a company and not to the world (IANA's special-purpose registries). */
const INWARD_V4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/3',
];
/** Those that embed an address of IPv4 are among them: what they stand for is not looked at. */
const INWARD_V6 = ['64:ff9b::/96', '64:ff9b:1::/48', '100::/64', '2001::/23', '2001:db8::/32', '2002::/16'];
/** All that the world has is handed out of here. */
const WORLD_V6 = '2000::/3';

const inward = listOf(INWARD_V4, 'ipv4');
const inwardV6 = listOf(INWARD_V6, 'ipv6');
const worldV6 = listOf([WORLD_V6], 'ipv6');

/** Whether an address of IPv4 or IPv6 is one of the open internet. */
export function isPublicAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !inward.check(address, 'ipv4');
    case 6:
      return worldV6.check(address, 'ipv6') && !inwardV6.check(address, 'ipv6');
    default:
      return false;
  }
}

/** Whether it is this machine itself. */
export const isLoopbackAddress = (address: string): boolean => /^127\.|^::1$/.test(address);

function listOf(networks: readonly string[], family: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', bits = ''] = network.split('/');
    list.addSubnet(address, Number(bits), family);
  }
  return list;
}
