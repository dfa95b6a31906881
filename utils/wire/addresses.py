"""Network addresses as quotas count them."""

from ipaddress import IPv6Address, ip_address, ip_network


def counted_address(text: str) -> str:
    """The address; of IPv6 its /64, because each subscriber has a whole one.

    Some proxies write a port after it, and a socket of both families writes IPv4 as
    ::ffff:192.0.2.1, whose /64 all IPv4 addresses would share. Other text is returned as it is.
    """
    try:
        address = ip_address(_without_port(text.strip()))
    except ValueError:
        return text
    if not isinstance(address, IPv6Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ip_network((int(address), 64), strict=False).network_address)


def _without_port(text: str) -> str:
    if text.startswith("["):
        return text[1:].partition("]")[0]
    return text.partition(":")[0] if text.count(":") == 1 else text
